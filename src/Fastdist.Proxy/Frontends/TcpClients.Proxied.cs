using System;
using Fastdist.Proxy.Counters;
using Fastdist.Ring;

namespace Fastdist.Proxy.Frontends;

/// <summary>Connections through a load balancer, which says in a PROXY header whom it speaks for.</summary>
internal sealed partial class TcpClients
{
    /// <summary>Takes a header that stands in front of a TLS session: what follows it is to be opened.</summary>
    private void TakeOuterHeader(ClientConnection client, ref ReadOnlySpan<byte> data)
    {
        int before = client.Stream.Kept;
        ReadOnlySpan<byte> arrived = data;
        client.Stream.Open(ref data, out ReadOnlySpan<byte> opened);
        int taken = TakeProxyHeader(client, opened);
        if (taken == 0)
        {
            KeepRest(client, opened, isNew: before == 0);
            return;
        }

        client.Stream.Keep(default);
        data = arrived[(taken - before)..];
    }

    /// <summary>Takes the header if all of it is here; what follows is the client's own.</summary>
    /// <returns>Bytes taken: none when some are missing, all when it is no header.</returns>
    private int TakeProxyHeader(ClientConnection client, ReadOnlySpan<byte> data)
    {
        ReadOnlySpan<byte> header = data[..Math.Min(data.Length, ProxyHeader.DefaultMaxSize)];
        switch (ProxyHeader.Read(header, ProxyHeader.DefaultMaxSize, out ProxyHeader read))
        {
            case ProxyHeaderResult.NeedMore:
                return 0;
            case ProxyHeaderResult.Complete:
                client.ExpectsProxyHeader = false;
                Admit(client, read.HasSource ? read.Source : client.Peer);
                return read.Size;
            default:
                CountersOf(client).InvalidProxyHeaders++;
                Close(client);
                return data.Length;
        }
    }

    /// <summary>Lets the client behind a load balancer through the ACL and the limits, or closes.</summary>
    private void Admit(ClientConnection client, SocketAddress source)
    {
        FrontendCounters counters = CountersOf(client);
        client.Peer = source;
        if (!_gate.LetsIn(in source))
        {
            counters.AclDrops++;
            Close(client);
        }
        else if (!TryCount(in source, counters))
        {
            Close(client);
        }
        else
        {
            client.IsCounted = true;
            client.State = client.Tls is null ? FirstState(_frontends[client.Frontend]) : ClientState.Open;
            if (client.Tls is not null)
            {
                Charge(client);
            }
        }
    }
}
