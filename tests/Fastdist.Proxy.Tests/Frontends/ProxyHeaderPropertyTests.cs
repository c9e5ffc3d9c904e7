using System;
using System.Linq;
using System.Net;
using CsCheck;
using Fastdist.Proxy.Frontends;
using Xunit;
using SocketAddress = Fastdist.Ring.SocketAddress;

namespace Fastdist.Proxy.Tests.Frontends;

public class ProxyHeaderPropertyTests
{
    private static readonly byte[] s_signature = [13, 10, 13, 10, 0, 13, 10, 81, 85, 73, 84, 10];
    private static readonly byte[] s_families = [0x00, 0x11, 0x12, 0x21, 0x22, 0x31, 0x32];

    /// <summary>Headers that are whole for the most part, with bytes behind them, and damaged now and then.</summary>
    private static readonly Gen<byte[]> s_data =
        Gen.Select(
            Gen.Frequency((8, Gen.Byte[0x20, 0x21]), (1, Gen.Byte)),
            Gen.Frequency((8, Gen.Int[0, s_families.Length - 1].Select(index => s_families[index])), (2, Gen.Byte)),
            Gen.Frequency((4, Gen.Int[0, 60]), (1, Gen.Int[0, 600])),
            Gen.Byte.Array[0, 100],
            Gen.Frequency((8, Gen.Const(-1)), (1, Gen.Int[0, 15])))
        .Select((command, family, length, rest, damaged) =>
        {
            byte[] data = [.. s_signature, command, family, (byte)(length >> 8), (byte)length, .. rest];
            if (damaged >= 0)
            {
                data[damaged] ^= 0x11;
            }

            return data;
        });

    [Fact]
    public void A_header_reads_as_the_specification_reads() =>
        Gen.Select(s_data, Gen.Int[16, 600]).Sample(
            (data, maxSize) =>
            {
                (ProxyHeaderResult expected, int size, IPEndPoint? source) = Reference(data, maxSize);
                return ProxyHeader.Read(data, maxSize, out ProxyHeader header) == expected && header.Size == size &&
                    header.HasSource == (source is not null) &&
                    (source is null || header.Source == SocketAddress.From(source));
            },
            iter: 20_000);

    [Fact]
    public void What_one_byte_more_decides_stays_decided() =>
        s_data.Sample(data =>
        {
            ProxyHeaderResult before = ProxyHeaderResult.NeedMore;
            int size = 0;
            for (int length = 0; length <= data.Length; length++)
            {
                ProxyHeaderResult now = ProxyHeader.Read(data.AsSpan(0, length), ProxyHeader.DefaultMaxSize, out ProxyHeader header);
                if (before != ProxyHeaderResult.NeedMore && (now != before || header.Size != size))
                {
                    return false;
                }

                (before, size) = (now, header.Size);
            }

            return true;
        });

    [Fact]
    public void Random_bytes_are_never_more_than_a_result() =>
        Gen.Select(Gen.Byte.Array[0, 100], Gen.Int[0, 70_000], Gen.Bool).Sample(
            (bytes, maxSize, signed) =>
            {
                byte[] data = signed ? [.. s_signature, .. bytes] : bytes;
                ProxyHeaderResult result = ProxyHeader.Read(data, maxSize, out ProxyHeader header);
                return (result == ProxyHeaderResult.Complete) == (header.Size != 0) &&
                    header.Size <= Math.Min(data.Length, maxSize);
            },
            iter: 20_000);

    /// <summary>The rules once more, in the specification's order and for plainness only.</summary>
    private static (ProxyHeaderResult Result, int Size, IPEndPoint? Source) Reference(byte[] data, int maxSize)
    {
        (ProxyHeaderResult, int, IPEndPoint?) invalid = (ProxyHeaderResult.Invalid, 0, null);
        int size = 16 + (data[14] * 256) + data[15];
        bool isLocal = data[12] == 0x20;
        if (!data.Take(12).SequenceEqual(s_signature) || data[12] is not (0x20 or 0x21) || size > maxSize)
        {
            return invalid;
        }

        (int family, int transport) = (data[13] / 16, data[13] % 16);
        if (!isLocal && (family > 3 || transport > 2))
        {
            return invalid;
        }

        int width = family == 1 ? 4 : 16;
        bool hasAddress = !isLocal && family is 1 or 2 && transport is 1 or 2;
        if (hasAddress && size - 16 < (2 * width) + 4)
        {
            return invalid;
        }

        if (data.Length < size)
        {
            return (ProxyHeaderResult.NeedMore, 0, null);
        }

        int port = 16 + (2 * width);
        return (ProxyHeaderResult.Complete, size, hasAddress
            ? new IPEndPoint(new IPAddress(data[16..(16 + width)]), (data[port] * 256) + data[port + 1])
            : null);
    }
}
