using System;
using System.Runtime.CompilerServices;
using Fastdist.Ring.Interop;

namespace Fastdist.Ring;

/// <summary>
/// Reads and writes the control messages that carry a datagram's local address
/// (IP_PKTINFO, ip(7); IPV6_PKTINFO, RFC 3542 section 6).
/// </summary>
internal static unsafe class PacketInfo
{
    /// <summary>Room for one in6_pktinfo with its header, the larger of the two.</summary>
    public const int Capacity = 40;

    private const int HeaderSize = 16;

    /// <summary>Takes the local address from received control messages, if they hold one.</summary>
    public static void Read(byte* control, nuint length, ref DatagramRoute route)
    {
        route.HasLocal = false;
        nuint offset = 0;
        while (offset + HeaderSize <= length)
        {
            var header = Unsafe.ReadUnaligned<ControlHeader>(control + offset);
            if (header.Length < HeaderSize || header.Length > length - offset)
            {
                return;
            }

            byte* data = control + offset + HeaderSize;
            if (header.Level == Libc.IPPROTO_IP && header.Type == Libc.IP_PKTINFO && header.Length >= HeaderSize + 12)
            {
                // ipi_spec_dst, the local address to answer from, is the middle one of three fields.
                Unsafe.WriteUnaligned(ref route.Local[0], Unsafe.ReadUnaligned<uint>(data + 4));
                route.Interface = 0;
                route.HasLocal = true;
                return;
            }

            if (header.Level == Libc.IPPROTO_IPV6 && header.Type == Libc.IPV6_PKTINFO && header.Length >= HeaderSize + 20)
            {
                Unsafe.WriteUnaligned(ref route.Local[0], Unsafe.ReadUnaligned<UInt128>(data));
                bool linkLocal = data[0] == 0xfe && (data[1] & 0xc0) == 0x80;
                route.Interface = linkLocal ? Unsafe.ReadUnaligned<uint>(data + 16) : 0;
                route.HasLocal = true;
                return;
            }

            offset += (header.Length + 7) & ~(nuint)7;
        }
    }

    /// <summary>Writes the control message that makes an answer leave from the route's local address.</summary>
    /// <returns>Bytes written; at most <see cref="Capacity"/>.</returns>
    public static nuint Write(byte* control, in DatagramRoute route)
    {
        bool v6 = route.Peer.IsIPv6;
        int dataLength = v6 ? 20 : 12;
        Unsafe.WriteUnaligned(control, new ControlHeader
        {
            Length = (nuint)(HeaderSize + dataLength),
            Level = v6 ? Libc.IPPROTO_IPV6 : Libc.IPPROTO_IP,
            Type = v6 ? Libc.IPV6_PKTINFO : Libc.IP_PKTINFO,
        });
        byte* data = control + HeaderSize;
        if (v6)
        {
            Unsafe.WriteUnaligned(data, Unsafe.ReadUnaligned<UInt128>(in route.Local[0]));
            Unsafe.WriteUnaligned(data + 16, route.Interface);
        }
        else
        {
            Unsafe.WriteUnaligned(data, route.Interface);
            Unsafe.WriteUnaligned(data + 4, Unsafe.ReadUnaligned<uint>(in route.Local[0]));
            Unsafe.WriteUnaligned(data + 8, 0u);
        }

        return (nuint)(HeaderSize + ((dataLength + 7) & ~7));
    }
}
