using System;
using System.ComponentModel;
using System.Net;
using System.Runtime.InteropServices;
using System.Text;
using Fastdist.Ring.Interop;

namespace Fastdist.Ring;

/// <summary>Makes and inspects the sockets that rings work on. Start-up and accept only, never per query.</summary>
public static unsafe partial class Sockets
{
    /// <summary>A listening socket of a SO_REUSEPORT group, non-blocking.</summary>
    /// <param name="place">Where to bind.</param>
    /// <param name="backlog">Connections that may wait to be accepted, clamped by net.core.somaxconn.</param>
    /// <param name="fastOpenQueue">Connections with data in their SYN that may wait (RFC 7413); 0 takes none.</param>
    /// <param name="fastOpenKey">Of the cookies that allow them; null for the kernel's own.</param>
    /// <exception cref="Win32Exception">The kernel refused; the message names the address.</exception>
    public static int Listen(LocalPlace place, int backlog, int fastOpenQueue = 0, FastOpenKey? fastOpenKey = null)
    {
        int descriptor = Open(place, Libc.SOCK_STREAM);
        try
        {
            Bind(descriptor, place);
            if (fastOpenQueue > 0)
            {
                Check(Libc.SetSocketOption(descriptor, Libc.IPPROTO_TCP, Libc.TCP_FASTOPEN, &fastOpenQueue, sizeof(int)), "take TCP Fast Open on", place);
                SetKey(descriptor, fastOpenKey, place);
            }

            Check(Libc.Listen(descriptor, backlog), "listen on", place);
            return descriptor;
        }
        catch
        {
            Libc.Close(descriptor);
            throw;
        }
    }

    /// <summary>A bound datagram socket of a SO_REUSEPORT group. A wildcard bind reports which address was asked.</summary>
    /// <param name="place">Where to bind.</param>
    /// <param name="buffers">Kernel buffers wanted.</param>
    /// <param name="granted">Bytes the kernel really gave, which it clamps silently without CAP_NET_ADMIN.</param>
    /// <exception cref="Win32Exception">The kernel refused; the message names the address.</exception>
    public static int BindDatagram(LocalPlace place, SocketBuffers buffers, out int granted)
    {
        IPAddress address = place.Address.Address;
        int descriptor = Open(place, Libc.SOCK_DGRAM);
        try
        {
            bool v6 = address.AddressFamily == System.Net.Sockets.AddressFamily.InterNetworkV6;
            if (address.Equals(IPAddress.Any) || address.Equals(IPAddress.IPv6Any))
            {
                SetOption(descriptor, v6 ? Libc.IPPROTO_IPV6 : Libc.IPPROTO_IP, v6 ? Libc.IPV6_RECVPKTINFO : Libc.IP_PKTINFO, 1);
            }

            Prepare(descriptor, v6, buffers);
            Bind(descriptor, place);

            // The kernel reports twice what holds payload (socket(7)).
            granted = GetOption(descriptor, Libc.SOL_SOCKET, Libc.SO_RCVBUF) / 2;
            return descriptor;
        }
        catch
        {
            Libc.Close(descriptor);
            throw;
        }
    }

    /// <summary>
    /// Makes sure nobody else serves an address: two processes of one user could share a SO_REUSEPORT
    /// group unnoticed, each getting half of the queries. Sockets kept to different interfaces do not disturb each other.
    /// </summary>
    /// <param name="place">Where this process is about to bind, before it binds anything there itself.</param>
    /// <param name="datagrams">Whether over UDP too, not over TCP only.</param>
    /// <exception cref="Win32Exception">Somebody does, or the address is not ours; the message names it.</exception>
    public static void EnsureUnused(LocalPlace place, bool datagrams = true)
    {
        if (place.Address.Port == 0)
        {
            return;
        }

        foreach (int type in (ReadOnlySpan<int>)(datagrams ? [Libc.SOCK_DGRAM, Libc.SOCK_STREAM] : [Libc.SOCK_STREAM]))
        {
            Try(place, type, place.Address.Port);
        }
    }

    /// <summary>Makes sure an address and its interface are there, without touching the port: whoever serves it is not disturbed.</summary>
    /// <exception cref="Win32Exception">They are not; the message names them.</exception>
    public static void EnsureThere(LocalPlace place) => Try(place, Libc.SOCK_DGRAM, port: 0);

    /// <summary>Sends small writes at once: batching is the shard's own business.</summary>
    public static void DisableNagle(int descriptor) => TrySetOption(descriptor, Libc.IPPROTO_TCP, Libc.TCP_NODELAY, 1);

    /// <summary>The other end of a connected socket.</summary>
    /// <returns>False when it is gone already.</returns>
    public static bool TryGetPeer(int descriptor, out SocketAddress peer)
    {
        SocketAddress address;
        int length = SocketAddress.Capacity;
        bool known = Libc.GetPeerName(descriptor, &address, &length) == 0;
        peer = known ? address.Unmapped() : default;
        return known;
    }

    /// <summary>The address a socket is bound to, with the port the kernel chose when 0 was asked.</summary>
    public static SocketAddress GetLocal(int descriptor)
    {
        SocketAddress address;
        int length = SocketAddress.Capacity;
        Check(Libc.GetSocketName(descriptor, &address, &length), "read the address of descriptor", descriptor);
        return address;
    }

    /// <summary>Closes a descriptor no ring owns.</summary>
    public static void Close(int descriptor) => Libc.Close(descriptor);

    /// <summary>The message the C library has for an errno; for want of descriptors, whose they are and how many there may be.</summary>
    public static string Describe(int errno) => errno switch
    {
        Libc.EMFILE => $"too many open files in this process, limit {Descriptors.Limit}",
        Libc.ENFILE => "too many open files in the whole system, limit /proc/sys/fs/file-max",
        _ => new Win32Exception(errno).Message,
    };

    /// <summary>Closes a stream. Bytes left unread would have the kernel send a reset, which may overtake what was sent, so they are thrown away.</summary>
    internal static void CloseStream(int descriptor)
    {
        // More than a receive buffer holds; MSG_TRUNC on TCP discards without copying (tcp(7)).
        const int Everything = 1 << 26;
        Libc.Receive(descriptor, null, Everything, Libc.MSG_TRUNC | Libc.MSG_DONTWAIT);
        Libc.Close(descriptor);
    }

    /// <summary>Whether the error of a bind says that this user may not (EACCES).</summary>
    public static bool IsDenied(int errno) => errno == Libc.EACCES;

    /// <summary>Whether the error of a send says that the peer's FIN had come before its reset (EPIPE and not ECONNRESET).</summary>
    public static bool HadEnded(int errno) => errno == Libc.EPIPE;

    /// <summary>Sends what the kernel takes at once; the rest, and any error, is forgotten.</summary>
    /// <returns>Whether it took all.</returns>
    internal static bool Offer(int descriptor, ReadOnlySpan<byte> bytes)
    {
        fixed (byte* start = bytes)
        {
            return bytes.Length == Libc.Send(descriptor, start, (nuint)bytes.Length, Libc.MSG_NOSIGNAL | Libc.MSG_DONTWAIT);
        }
    }

    /// <summary>
    /// Connects a bound datagram socket to itself: the kernel gives a connected socket what its peer sends only, so all else that comes to its address is for the
    /// others that are bound there. Sends name their own peers all the same (udp(7)).
    /// </summary>
    /// <returns>False when the kernel refused.</returns>
    internal static bool TryTurnAway(int descriptor)
    {
        SocketAddress own = GetLocal(descriptor);
        return Libc.Connect(descriptor, &own, own.Length) == 0;
    }

    /// <summary>Gives a listening socket queues of another length: both may be set again while it listens.</summary>
    internal static void Resize(int descriptor, int backlog, int fastOpenQueue)
    {
        TrySetOption(descriptor, Libc.IPPROTO_TCP, Libc.TCP_FASTOPEN, fastOpenQueue);
        Libc.Listen(descriptor, backlog);
    }

    /// <summary>Bytes sent and not acknowledged (SIOCOUTQ, tcp(7)); also after a reset.</summary>
    internal static int Unacknowledged(int descriptor)
    {
        int bytes = 0;
        return Libc.Control(descriptor, Libc.SIOCOUTQ, &bytes) == 0 ? bytes : 0;
    }

    internal static int GetOption(int descriptor, int level, int name)
    {
        int value = 0;
        int length = sizeof(int);
        Libc.GetSocketOption(descriptor, level, name, &value, &length);
        return value;
    }

    private static void Try(LocalPlace place, int type, int port)
    {
        int descriptor = Open(place, type, reusePort: false);
        try
        {
            Bind(descriptor, place, port);
        }
        finally
        {
            Libc.Close(descriptor);
        }
    }

    private static int Open(LocalPlace place, int type, bool reusePort = true)
    {
        bool v6 = place.Address.AddressFamily == System.Net.Sockets.AddressFamily.InterNetworkV6;
        int descriptor = Libc.Socket(v6 ? Libc.AF_INET6 : Libc.AF_INET, type | Libc.SOCK_NONBLOCK | Libc.SOCK_CLOEXEC, 0);
        Check(descriptor, "open a socket for", place);
        if (type == Libc.SOCK_STREAM)
        {
            SetOption(descriptor, Libc.SOL_SOCKET, Libc.SO_REUSEADDR, 1);
        }

        if (reusePort)
        {
            SetOption(descriptor, Libc.SOL_SOCKET, Libc.SO_REUSEPORT, 1);
        }

        if (v6)
        {
            // So the kernel never reports an IPv4 peer under a mapped address, on which datagrams are answered.
            SetOption(descriptor, Libc.IPPROTO_IPV6, Libc.IPV6_V6ONLY, 1);
        }

        return descriptor;
    }

    /// <summary>What all datagram sockets have alike.</summary>
    private static void Prepare(int descriptor, bool v6, SocketBuffers buffers)
    {
        // Datagrams stay under the size that fragments, and forged "fragmentation needed" must not make them fragment.
        TrySetOption(descriptor, v6 ? Libc.IPPROTO_IPV6 : Libc.IPPROTO_IP, v6 ? Libc.IPV6_MTU_DISCOVER : Libc.IP_MTU_DISCOVER, Libc.IP_PMTUDISC_OMIT);
        if (!TrySetOption(descriptor, Libc.SOL_SOCKET, Libc.SO_RCVBUFFORCE, buffers.Receive))
        {
            TrySetOption(descriptor, Libc.SOL_SOCKET, Libc.SO_RCVBUF, buffers.Receive);
        }

        TrySetOption(descriptor, Libc.SOL_SOCKET, Libc.SO_SNDBUF, buffers.Send);
    }

    private static void SetKey(int descriptor, FastOpenKey? key, LocalPlace place)
    {
        if (key is null)
        {
            return;
        }

        fixed (byte* bytes = key.Bytes)
        {
            Check(Libc.SetSocketOption(descriptor, Libc.IPPROTO_TCP, Libc.TCP_FASTOPEN_KEY, bytes, key.Bytes.Length), "set the key of TCP Fast Open on", place);
        }
    }

    private static int BindToDevice(int descriptor, string networkInterface)
    {
        byte[] name = Encoding.UTF8.GetBytes(networkInterface);
        fixed (byte* text = name)
        {
            return Libc.SetSocketOption(descriptor, Libc.SOL_SOCKET, Libc.SO_BINDTODEVICE, text, name.Length);
        }
    }

    private static void Bind(int descriptor, LocalPlace place) => Bind(descriptor, place, place.Address.Port);

    private static void Bind(int descriptor, LocalPlace place, int port)
    {
        if (place.Interface.Length > 0)
        {
            Check(BindToDevice(descriptor, place.Interface), "bind to interface", place.Interface);
        }

        if (place.MayBeMissing)
        {
            // IPv6 sockets take it at this level, too.
            SetOption(descriptor, Libc.IPPROTO_IP, Libc.IP_FREEBIND, 1);
        }

        SocketAddress native = SocketAddress.From(new IPEndPoint(NetworkInterfaces.Resolve(place.Address).Address, port));
        Check(Libc.Bind(descriptor, &native, native.Length), "bind to", place);
    }

    private static void SetOption(int descriptor, int level, int name, int value) =>
        Check(Libc.SetSocketOption(descriptor, level, name, &value, sizeof(int)), "set socket option", (level, name));

    private static bool TrySetOption(int descriptor, int level, int name, int value) =>
        Libc.SetSocketOption(descriptor, level, name, &value, sizeof(int)) == 0;

    // The subject becomes text only here: formatting an address at the call would overwrite the errno.
    private static void Check<T>(int result, string action, T subject)
    {
        if (result < 0)
        {
            int errno = Marshal.GetLastPInvokeError();
            throw new Win32Exception(errno, $"cannot {action} {subject}: {Describe(errno)}{Remedy(errno)}");
        }
    }

    private static string Remedy(int errno) => errno switch
    {
        Libc.EADDRNOTAVAIL => " (this host does not have that address, or not yet: --free-bind listens on it all the same)",
        Libc.EACCES => " (ports below 1024 need root or CAP_NET_BIND_SERVICE)",
        Libc.EADDRINUSE => " (by another process: stop it, or listen elsewhere)",
        Libc.ENODEV => " (there is no such network interface, or not yet)",
        _ => "",
    };
}
