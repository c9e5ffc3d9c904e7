using System;
using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Fastdist.Ring.Interop;

namespace Fastdist.Ring;

/// <summary>
/// Network interfaces by name. An interface that is deleted and made again has another number (ifindex) under its old name, so
/// whoever means the name resolves it again.
/// </summary>
public static unsafe class NetworkInterfaces
{
    /// <summary>IFNAMSIZ, the terminating zero included.</summary>
    private const int NameCapacity = 16;

    /// <summary>Names as they were when first asked for: what a number stood for stays known when the interface is gone.</summary>
    private static readonly ConcurrentDictionary<long, string> s_names = new();

    /// <summary>The number of an interface at this moment; 0 when there is none of that name.</summary>
    public static uint IndexOf(string name)
    {
        Span<byte> text = stackalloc byte[NameCapacity];
        text.Clear();
        if (name.Length == 0 || Encoding.UTF8.GetByteCount(name) >= NameCapacity)
        {
            return 0;
        }

        Encoding.UTF8.GetBytes(name, text);
        fixed (byte* start = text)
        {
            return Libc.InterfaceNameToIndex(start);
        }
    }

    /// <summary>The name of the interface that an address belongs to; empty when it belongs to none, or to one that was gone when first asked for.</summary>
    public static string ScopeOf(IPAddress address) =>
        address.AddressFamily == AddressFamily.InterNetworkV6 && address.ScopeId != 0 ? s_names.GetOrAdd(address.ScopeId, NameOf) : "";

    /// <summary>An address with the number that its interface has now; unchanged when it belongs to none or that is gone.</summary>
    public static IPEndPoint Resolve(IPEndPoint address) => IndexOf(ScopeOf(address.Address)) is > 0 and uint index && index != address.Address.ScopeId
        ? new IPEndPoint(new IPAddress(address.Address.GetAddressBytes(), index), address.Port)
        : address;

    /// <summary>An address as an operator knows it, with the interface by name: <c>192.0.2.1%eth0:53</c>, <c>[fe80::1%eth0]:53</c>.</summary>
    /// <param name="address">The address.</param>
    /// <param name="networkInterface">The interface a socket is kept to; empty for the one the address belongs to, if any.</param>
    public static string Describe(IPEndPoint address, string networkInterface = "")
    {
        string scope = networkInterface.Length > 0 ? networkInterface : ScopeOf(address.Address);
        if (scope.Length == 0)
        {
            return address.ToString();
        }

        return address.AddressFamily == AddressFamily.InterNetwork
            ? $"{address.Address}%{scope}:{address.Port}"
            : $"[{new IPAddress(address.Address.GetAddressBytes())}%{scope}]:{address.Port}";
    }

    private static string NameOf(long index)
    {
        byte* name = stackalloc byte[NameCapacity];
        return Libc.InterfaceIndexToName((uint)index, name) == null ? "" : Encoding.UTF8.GetString(name, new ReadOnlySpan<byte>(name, NameCapacity).IndexOf((byte)0));
    }
}
