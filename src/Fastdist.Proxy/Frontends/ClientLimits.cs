using System;
using System.Collections.Generic;
using System.Threading;
using Fastdist.Ring;

namespace Fastdist.Proxy.Frontends;

/// <summary>
/// The process's count of client connections, in total and by address. Consulted at accept and at
/// close only, so its striped locks are not on a query's way.
/// </summary>
internal sealed class ClientLimits(int maxTotal, int maxPerClient)
{
    private const int Stripes = 64;

    private readonly Dictionary<ClientAddress, int>[] _stripes = CreateStripes();
    private int _total;

    /// <summary>Counts a new connection in.</summary>
    /// <returns>False, counting nothing, when a limit forbids it.</returns>
    public bool TryEnter(in SocketAddress peer)
    {
        if (Interlocked.Increment(ref _total) > maxTotal)
        {
            Interlocked.Decrement(ref _total);
            return false;
        }

        if (maxPerClient == 0)
        {
            return true;
        }

        var address = new ClientAddress(peer);
        Dictionary<ClientAddress, int> stripe = StripeOf(address);
        lock (stripe)
        {
            int count = stripe.GetValueOrDefault(address);
            if (count < maxPerClient)
            {
                stripe[address] = count + 1;
                return true;
            }
        }

        Interlocked.Decrement(ref _total);
        return false;
    }

    /// <summary>Counts a connection out that <see cref="TryEnter"/> let in.</summary>
    public void Leave(in SocketAddress peer)
    {
        Interlocked.Decrement(ref _total);
        if (maxPerClient == 0)
        {
            return;
        }

        var address = new ClientAddress(peer);
        Dictionary<ClientAddress, int> stripe = StripeOf(address);
        lock (stripe)
        {
            int count = stripe[address] - 1;
            if (count == 0)
            {
                stripe.Remove(address);
            }
            else
            {
                stripe[address] = count;
            }
        }
    }

    private static Dictionary<ClientAddress, int>[] CreateStripes()
    {
        var stripes = new Dictionary<ClientAddress, int>[Stripes];
        for (int i = 0; i < Stripes; i++)
        {
            stripes[i] = [];
        }

        return stripes;
    }

    private Dictionary<ClientAddress, int> StripeOf(ClientAddress address) => _stripes[(uint)address.GetHashCode() % Stripes];

    /// <summary>A client without its port.</summary>
    private readonly record struct ClientAddress
    {
        private readonly UInt128 _bits;
        private readonly bool _isIPv6;

        public ClientAddress(in SocketAddress peer)
        {
            foreach (byte value in peer.AddressBytes)
            {
                _bits = (_bits << 8) | value;
            }

            _isIPv6 = peer.IsIPv6;
        }
    }
}
