using System;
using Fastdist.Dns;
using Fastdist.Proxy.InFlight;

namespace Fastdist.Proxy.Frontends;

/// <summary>From answers to bytes.</summary>
internal sealed partial class TcpClients
{
    private const int SendSliceLength = 64 * 1024;

    /// <summary>Delivers the answer a query was waiting for; a client that left meanwhile is no error.</summary>
    public void Answer(int index, uint generation, ReadOnlySpan<byte> message)
    {
        if (Find(index, generation) is { } client)
        {
            client.InFlight--;
            Append(index, client, message);
        }
    }

    /// <summary>Sends the SERVFAIL of a query that found no backend.</summary>
    public void Failed(in InFlightEntry entry, ReadOnlySpan<byte> message)
    {
        _counters[entry.Frontend].ServFail++;
        Answer(entry.Client, entry.ClientGeneration, message);
    }

    /// <summary>Sends what the turn gathered, one send a connection.</summary>
    public void Flush()
    {
        while (_dirty.TryDequeue(out int index))
        {
            ClientConnection client = _connections[index];
            client.IsDirty = false;
            if (client.State is not (ClientState.Open or ClientState.Finishing))
            {
                continue;
            }

            StartSend(client);
            if (client.IsPaused && !client.IsWaiting && client.OutputLength < OutputPause
                && client.InFlight < _shard.Options.Frontends[client.Frontend].MaxInFlight)
            {
                Unpause(client);
            }

            EndIfDone(index);
        }
    }

    /// <summary>A send ended.</summary>
    public void Sent(int index, int errno)
    {
        ClientConnection client = _connections[index];
        if (errno == 0 && client.SendingOffset < client.SendingLength && client.State != ClientState.Closing)
        {
            SendSlice(client);
            return;
        }

        ReturnOutput(client.Sending);
        client.Sending = null;

        if (errno != 0)
        {
            _counters[client.Frontend].DiedSendingResponse++;
            Close(index);
            return;
        }

        client.LastActive = _shard.Clock.Now;
        if (client.OutputLength > 0 || client.IsPaused || client.State == ClientState.Finishing)
        {
            MarkDirty(index, client);
        }
    }

    private ClientConnection? Find(int index, uint generation)
    {
        ClientConnection client = _connections[index];
        return client.Generation == generation && client.State is ClientState.Open or ClientState.Finishing ? client : null;
    }

    private void Append(int index, ClientConnection client, ReadOnlySpan<byte> message)
    {
        int needed = client.OutputLength + StreamFraming.PrefixSize + message.Length;
        if (!MakeRoom(client, needed))
        {
            _counters[client.Frontend].DiedSendingResponse++;
            Close(index);
            return;
        }

        Span<byte> frame = client.Output!.Span[client.OutputLength..];
        StreamFraming.WritePrefix(frame, message.Length);
        message.CopyTo(frame[StreamFraming.PrefixSize..]);
        client.OutputLength = needed;
        _counters[client.Frontend].Responses++;
        MarkDirty(index, client);
    }

    private bool MakeRoom(ClientConnection client, int needed)
    {
        if (client.Output is null)
        {
            client.Output = _buffers.Take();
            _outputBytes += client.Output.Length;
        }

        if (needed <= client.Output.Length)
        {
            return true;
        }

        int length = Math.Max(needed, client.Output.Length * 2);
        if (_outputBytes + length > OutputBudget)
        {
            return false;
        }

        _outputBytes += length - client.Output.Length;
        client.Output.Resize(length, client.OutputLength);
        return true;
    }

    private void MarkDirty(int index, ClientConnection client)
    {
        if (!client.IsDirty)
        {
            client.IsDirty = true;
            _dirty.Enqueue(index);
        }
    }

    private void StartSend(ClientConnection client)
    {
        if (client.Sending is not null || client.OutputLength == 0)
        {
            return;
        }

        client.Sending = client.Output;
        client.SendingOffset = 0;
        client.SendingLength = client.OutputLength;
        client.Output = null;
        client.OutputLength = 0;
        SendSlice(client);
    }

    /// <summary>Sends the next part; parts are small enough that each one done is progress of the client's.</summary>
    private void SendSlice(ClientConnection client)
    {
        int length = Math.Min(client.SendingLength - client.SendingOffset, SendSliceLength);
        client.SendingSince = _shard.Clock.Now;
        _shard.Ring.Send(client.Stream, client.Sending!, client.SendingOffset, length);
        client.SendingOffset += length;
    }
}
