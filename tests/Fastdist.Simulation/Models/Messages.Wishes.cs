using System;
using System.Buffers.Binary;
using Fastdist.Dns;
using Fastdist.Simulation.Caching;

namespace Fastdist.Simulation.Models;

/// <summary>Queries for what many ask.</summary>
internal static partial class Messages
{
    private static byte[] Write(SimQuery query, Wish wish, int end)
    {
        byte[] options = query.HasEdns ? wish.Options(query.OptionLength) : [];
        var message = new byte[end + (query.HasEdns ? OptSize + options.Length : 0)];
        WriteHeader(message, query.Id, wish.Flags, 1, 0, 0, query.HasEdns ? 1 : 0);
        query.Name.CopyTo(message, Header.Size);
        BinaryPrimitives.WriteUInt16BigEndian(message.AsSpan(end - 4), (ushort)wish.Type);
        BinaryPrimitives.WriteUInt16BigEndian(message.AsSpan(end - 2), 1);
        if (query.HasEdns)
        {
            WriteOpt(message.AsSpan(end), options.Length);
            message[end + 7] = (byte)(wish.DnssecOk ? 0x80 : 0);
            options.CopyTo(message, end + OptSize);
        }

        return message;
    }

    /// <summary>Whether a query has the options of its own that nobody replaces, and of these no others.</summary>
    private static bool HasOptionsOf(ReadOnlySpan<byte> asked, Wish wish, int localLength)
    {
        var read = new ReadMessage(asked);
        byte[]? cookie = read.Option(EdnsOption.Cookie), local = read.Option((EdnsOption)EdnsOptions.Local);
        bool hasCookie = wish.Cookie is { } own ? cookie is not null && BinaryPrimitives.ReadUInt64BigEndian(cookie) == own : cookie is null;
        return read.IsSound && hasCookie && (local?.Length ?? 0) == Math.Max(localLength, 0) && read.DnssecOk == wish.DnssecOk && read.Option(EdnsOption.Nsid) is not null == wish.WantsNsid;
    }
}
