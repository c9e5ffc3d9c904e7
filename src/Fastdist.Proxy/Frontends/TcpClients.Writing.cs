using System;
using Fastdist.Dns;
using Fastdist.Proxy.InFlight;

namespace Fastdist.Proxy.Frontends;

/// <summary>From answers to bytes.</summary>
internal sealed partial class TcpClients
{
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
        if (client.Sending is not null)
        {
            _buffers.Return(client.Sending);
            client.Sending = null;
        }

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
        client.Output ??= _buffers.Take();
        int needed = client.OutputLength + StreamFraming.PrefixSize + message.Length;
        if (needed > client.Output.Length)
        {
            if (needed > OutputLimit)
            {
                _counters[client.Frontend].DiedSendingResponse++;
                Close(index);
                return;
            }

            client.Output.Resize(Math.Max(needed, client.Output.Length * 2), client.OutputLength);
        }

        Span<byte> frame = client.Output.Span[client.OutputLength..];
        StreamFraming.WritePrefix(frame, message.Length);
        message.CopyTo(frame[StreamFraming.PrefixSize..]);
        client.OutputLength = needed;
        _counters[client.Frontend].Responses++;
        MarkDirty(index, client);
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
        client.SendingSince = _shard.Clock.Now;
        _shard.Ring.Send(client.Stream, client.Sending!, 0, client.OutputLength);
        client.Output = null;
        client.OutputLength = 0;
    }
}
