using System;
using Fastdist.Ring;

namespace Fastdist.Proxy.Frontends;

/// <summary>Connections through a load balancer, which says in a PROXY header whom it speaks for.</summary>
internal sealed partial class TcpClients
{
    /// <summary>Takes the header, or the part of it that is here; what follows is the client's own.</summary>
    /// <returns>Bytes taken: all of them unless the header was complete.</returns>
    private int TakeProxyHeader(int index, ClientConnection client, ReadOnlySpan<byte> data)
    {
        int before = client.PartialLength;
        ReadOnlySpan<byte> header = data;
        if (before > 0)
        {
            Append(client, data[..Math.Min(data.Length, ProxyHeader.DefaultMaxSize - before)]);
            header = client.Partial!.Span[..client.PartialLength];
        }

        switch (ProxyHeader.Read(header, ProxyHeader.DefaultMaxSize, out ProxyHeader read))
        {
            case ProxyHeaderResult.NeedMore:
                if (before == 0)
                {
                    Begin(client, data);
                }

                return data.Length;
            case ProxyHeaderResult.Complete:
                DropPartial(client);
                client.ExpectsProxyHeader = false;
                Admit(index, client, read.HasSource ? read.Source : client.Peer);
                return read.Size - before;
            default:
                _counters[client.Frontend].InvalidProxyHeaders++;
                Close(index);
                return data.Length;
        }
    }

    /// <summary>Lets the client behind a load balancer through the ACL and the limits, or closes.</summary>
    private void Admit(int index, ClientConnection client, SocketAddress source)
    {
        FrontendCounters counters = _counters[client.Frontend];
        client.Peer = source;
        if (!_gate.LetsIn(in source))
        {
            counters.AclDrops++;
            Close(index);
        }
        else if (!TryCount(in source, counters))
        {
            Close(index);
        }
        else
        {
            client.IsCounted = true;
            client.State = client.Tls is null ? FirstState(client.Frontend) : ClientState.Open;
            if (client.Tls is not null)
            {
                Charge(index, client);
            }
        }
    }
}
