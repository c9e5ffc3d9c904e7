using System;
using System.Buffers.Binary;

namespace Fastdist.Dns;

/// <summary>edns-tcp-keepalive in answers (RFC 7828): tells a stream's client how long it may be idle.</summary>
public static class TcpKeepalive
{
    private const int TimeoutSize = 2;

    /// <summary>
    /// Adds the option to an answer, for a client that sent it (<see cref="EdnsTraits.EmptyKeepalive"/>) on a stream. Strip the
    /// answer first: the backend's own timeout, if it sent one, is not the client's.
    /// </summary>
    /// <param name="buffer">The answer, and room for 6 more bytes.</param>
    /// <param name="length">The answer's length in bytes.</param>
    /// <param name="timeout">TIMEOUT in units of 100 ms; 0 asks the client to close.</param>
    /// <returns>As <see cref="EdnsEdit"/> says.</returns>
    public static bool TryAdd(Span<byte> buffer, ref int length, ushort timeout)
    {
        Span<byte> data = stackalloc byte[TimeoutSize];
        BinaryPrimitives.WriteUInt16BigEndian(data, timeout);
        return EdnsEdit.TryAddOption(buffer, ref length, EdnsOption.TcpKeepalive, data);
    }
}
