using System;
using System.Buffers.Binary;

namespace Fastdist.Dns;

/// <summary>An SOA record as configuration gives it (RFC 1035 section 3.3.13), laid out once so that answers copy it.</summary>
public sealed class StartOfAuthority
{
    private const int NumberCount = 5;

    private readonly byte[] _data;

    /// <summary>Lays the record out.</summary>
    /// <param name="zone">Its owner.</param>
    /// <param name="primary">MNAME: the server that the zone's data come from.</param>
    /// <param name="mailbox">RNAME: who is responsible, the first label standing before the at sign.</param>
    /// <param name="serial">SERIAL: version of the zone.</param>
    /// <param name="refresh">REFRESH, in seconds.</param>
    /// <param name="retry">RETRY, in seconds.</param>
    /// <param name="expire">EXPIRE, in seconds.</param>
    /// <param name="minimum">MINIMUM: how long a negative answer may be kept, in seconds (RFC 2308 section 4).</param>
    public StartOfAuthority(DomainName zone, DomainName primary, DomainName mailbox, uint serial, uint refresh, uint retry, uint expire, uint minimum)
    {
        Zone = zone;
        _data = [.. primary.Wire, .. mailbox.Wire, .. new byte[NumberCount * sizeof(uint)]];
        Span<byte> numbers = _data.AsSpan(primary.Wire.Length + mailbox.Wire.Length);
        foreach (uint number in (ReadOnlySpan<uint>)[serial, refresh, retry, expire, minimum])
        {
            BinaryPrimitives.WriteUInt32BigEndian(numbers, number);
            numbers = numbers[sizeof(uint)..];
        }
    }

    /// <summary>The record's owner.</summary>
    public DomainName Zone { get; }

    /// <summary>The record's RDATA, its names uncompressed.</summary>
    public ReadOnlySpan<byte> Data => _data;
}
