using System.Net;
using System.Runtime.InteropServices;
using Fastdist.Ring.Interop;

namespace Fastdist.Ring;

/// <summary>Sockets towards backends. A failure is an errno, not an exception: it is met while queries wait.</summary>
public static unsafe partial class Sockets
{
    /// <summary>A socket to connect to a backend with, non-blocking, Nagle's algorithm off.</summary>
    /// <param name="remote">Where it will connect to.</param>
    /// <param name="departure">How it leaves this host.</param>
    /// <param name="fastOpen">Whether the first bytes sent may travel in the SYN (RFC 7413), which connecting then waits for.</param>
    /// <returns>The descriptor, or a negative errno.</returns>
    public static int OpenStream(in SocketAddress remote, Departure departure, bool fastOpen = false)
    {
        int descriptor = Libc.Socket(remote.IsIPv6 ? Libc.AF_INET6 : Libc.AF_INET, Libc.SOCK_STREAM | Libc.SOCK_NONBLOCK | Libc.SOCK_CLOEXEC, 0);
        if (descriptor < 0)
        {
            return -Marshal.GetLastPInvokeError();
        }

        DisableNagle(descriptor);
        if (fastOpen)
        {
            // A kernel without it connects as ever.
            TrySetOption(descriptor, Libc.IPPROTO_TCP, Libc.TCP_FASTOPEN_CONNECT, 1);
        }

        int errno = LeaveBy(descriptor, departure, remote.IsIPv6);
        if (errno != 0)
        {
            Libc.Close(descriptor);
            return -errno;
        }

        return descriptor;
    }

    /// <summary>
    /// Whether an error of a connected datagram socket says that the address or interface it leaves by is none of this host's any more, or that there is no
    /// route: another socket may find one.
    /// </summary>
    public static bool IsOfThisHost(int errno) => errno is Libc.EINVAL or Libc.ENODEV or Libc.ENETUNREACH or Libc.ENETDOWN or Libc.EADDRNOTAVAIL;

    /// <summary>A datagram socket connected to a backend, non-blocking, with a random port of the kernel's range (ip_local_port_range).</summary>
    /// <param name="remote">The only address it sends to and receives from.</param>
    /// <param name="departure">How it leaves this host.</param>
    /// <param name="buffers">Kernel buffers wanted.</param>
    /// <returns>The descriptor, or a negative errno; EAGAIN when all ports are taken.</returns>
    public static int OpenDatagram(in SocketAddress remote, Departure departure, SocketBuffers buffers)
    {
        int descriptor = Libc.Socket(remote.IsIPv6 ? Libc.AF_INET6 : Libc.AF_INET, Libc.SOCK_DGRAM | Libc.SOCK_NONBLOCK | Libc.SOCK_CLOEXEC, 0);
        if (descriptor < 0)
        {
            return -Marshal.GetLastPInvokeError();
        }

        Prepare(descriptor, remote.IsIPv6, buffers);
        int errno = LeaveBy(descriptor, departure, remote.IsIPv6);
        SocketAddress address = remote;
        if (errno == 0 && Libc.Connect(descriptor, &address, address.Length) != 0)
        {
            errno = Marshal.GetLastPInvokeError();
        }

        if (errno != 0)
        {
            Libc.Close(descriptor);
            return -errno;
        }

        return descriptor;
    }

    private static int LeaveBy(int descriptor, Departure departure, bool v6)
    {
        if (departure.Interface.Length > 0 && BindToDevice(descriptor, departure.Interface) != 0)
        {
            return Marshal.GetLastPInvokeError();
        }

        if (departure.Dscp > 0)
        {
            // The field's two lower bits are for congestion (RFC 3168) and the kernel's.
            TrySetOption(descriptor, v6 ? Libc.IPPROTO_IPV6 : Libc.IPPROTO_IP, v6 ? Libc.IPV6_TCLASS : Libc.IP_TOS, departure.Dscp << 2);
        }

        if (departure.Source is not { } source)
        {
            return 0;
        }

        if (departure.IsPortChosenLate)
        {
            TrySetOption(descriptor, Libc.IPPROTO_IP, Libc.IP_BIND_ADDRESS_NO_PORT, 1);
        }

        SocketAddress local = SocketAddress.From(new IPEndPoint(source, 0));
        return Libc.Bind(descriptor, &local, local.Length) == 0 ? 0 : Marshal.GetLastPInvokeError();
    }
}
