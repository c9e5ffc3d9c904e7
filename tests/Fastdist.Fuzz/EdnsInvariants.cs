using System;
using System.Linq;
using Fastdist.Dns;

namespace Fastdist.Fuzz;

/// <summary>
/// What must hold of every edit of an OPT, for any bytes whatever: it does what the reference does, or nothing at all
/// and says so; it writes nowhere else; and what it makes is read as meant.
/// </summary>
internal static class EdnsInvariants
{
    private const byte Guard = 0xA5;
    private static readonly byte[] s_cookie = Hex.Bytes(Corpus.Cookie);
    private static readonly byte[] s_timeout = Hex.Bytes("000B 0002 012C");
    private static readonly byte[] s_subnet = Hex.Bytes("0008 0007 0001 15 00 CB0070");
    private static readonly byte[] s_reason = Hex.Bytes("000F 0004 000F 6E6F");
    private static readonly byte[] s_address = [203, 0, 119, 255];

    private delegate bool Edit(Span<byte> buffer, ref int length);

    internal static void Check(byte[] message, Reference reference)
    {
        byte[]? With(byte[] option) => reference.IsEditable ? reference.With([.. reference.Options!, option]) : null;
        byte[]? Without(int code) =>
            reference.IsEditable ? reference.With(reference.Options!.Where(option => Reference.CodeOf(option) != code)) : null;

        CheckEdit(message, "option added", With(s_cookie), (Span<byte> buffer, ref int length) =>
            EdnsEdit.TryAddOption(buffer, ref length, (EdnsOption)10, s_cookie.AsSpan(4)));
        CheckEdit(message, "keepalive", With(s_timeout), (Span<byte> buffer, ref int length) =>
            TcpKeepalive.TryAdd(buffer, ref length, 300));
        CheckEdit(message, "client subnet", With(s_subnet), (Span<byte> buffer, ref int length) =>
            ClientSubnet.TryAdd(buffer, ref length, s_address, 21));
        CheckEdit(message, "cookie removed", Without(10), (Span<byte> buffer, ref int length) =>
            EdnsEdit.TryRemoveOption(buffer, ref length, (EdnsOption)10));
        CheckEdit(message, "padding removed", Without(12), (Span<byte> buffer, ref int length) =>
            EdnsEdit.TryRemoveOption(buffer, ref length, EdnsOption.Padding));
        CheckEdit(message, "OPT removed", reference.IsEditable ? reference.WithoutOpt : null, EdnsEdit.TryRemoveOpt);
        CheckEdit(message, "OPT appended", reference.MayAppendOpt ? reference.WithOpt(1400) : null, AppendOpt);
        CheckSetters(message, reference);
        CheckThereAndBack(message, reference);
        foreach (int block in (int[])[1, 7, Padding.QueryBlock, Padding.ResponseBlock])
        {
            CheckPadding(message, reference, block);
        }
    }

    private static void CheckSetters(byte[] message, Reference reference)
    {
        byte[]? Set(byte[] option, bool isAlone = true) => !reference.IsEditable
            ? null
            : reference.With([.. reference.Options!.Where(other => !isAlone || Reference.CodeOf(other) != Reference.CodeOf(option)), option]);
        byte[]? SetOrAdded(byte[] option) => Set(option) ?? (reference.MayAppendOpt ? reference.WithOpt(512, option) : null);

        CheckEdit(message, "option set", Set(s_cookie), (Span<byte> buffer, ref int length) =>
            EdnsEdit.TrySetOption(buffer, ref length, (EdnsOption)10, s_cookie.AsSpan(4), false, out _));
        CheckEdit(message, "option set or added", SetOrAdded(s_cookie), (Span<byte> buffer, ref int length) =>
            EdnsEdit.TrySetOption(buffer, ref length, (EdnsOption)10, s_cookie.AsSpan(4), true, out bool added) && added == reference.MayAppendOpt);
        CheckEdit(message, "subnet set", Set(s_subnet), (Span<byte> buffer, ref int length) => ClientSubnet.TrySet(buffer, ref length, s_address, 21));
        CheckEdit(message, "reason", Set(s_reason), (Span<byte> buffer, ref int length) =>
            EdnsEdit.TrySetExtendedError(buffer, ref length, ExtendedError.Blocked, "no"u8, true));
        CheckEdit(message, "another reason", Set(s_reason, false), (Span<byte> buffer, ref int length) =>
            EdnsEdit.TrySetExtendedError(buffer, ref length, ExtendedError.Blocked, "no"u8, false));
    }

    private static bool AppendOpt(Span<byte> buffer, ref int length) => EdnsEdit.TryAppendOpt(buffer, ref length, 1400);

    private static void CheckEdit(byte[] message, string what, byte[]? expected, Edit edit)
    {
        int needed = Math.Max(message.Length, expected?.Length ?? 0);
        Applied(message, needed + 40, expected, what, edit);
        Applied(message, needed, expected, what, edit);
        if (expected is not null && expected.Length > message.Length)
        {
            Applied(message, expected.Length - 1, null, what + " without room", edit);
        }
    }

    /// <summary>Edits the message in a buffer of a size; null is expected of an edit that must refuse.</summary>
    private static byte[] Applied(byte[] message, int bufferSize, byte[]? expected, string what, Edit edit)
    {
        var buffer = new byte[bufferSize];
        buffer.AsSpan().Fill(Guard);
        message.CopyTo(buffer, 0);
        int length = message.Length;
        Invariants.Equal(expected is not null, edit(buffer, ref length), what);
        Invariants.True(buffer.AsSpan(0, length).SequenceEqual(expected ?? message), what + ": message");
        int touched = Math.Max(length, message.Length);
        Invariants.True(!buffer.AsSpan(touched).ContainsAnyExcept(Guard), what + ": bytes beyond the message");
        return buffer[..length];
    }

    private static void CheckThereAndBack(byte[] message, Reference reference)
    {
        if (!reference.MayAppendOpt)
        {
            return;
        }

        byte[] appended = Applied(message, message.Length + 11, reference.WithOpt(1400), "OPT appended", AppendOpt);
        Applied(appended, appended.Length, message, "OPT appended and removed", EdnsEdit.TryRemoveOpt);
        if (Query.Parse(message, out _) == QueryVerdict.Forward)
        {
            Invariants.Equal(QueryVerdict.Forward, Query.Parse(appended, out Query query), "verdict with an OPT appended");
            Invariants.True(query.HasEdns && query.UdpPayloadSize == 1400 && !query.DnssecOk, "query with an OPT appended");
        }
    }

    private static void CheckPadding(byte[] message, Reference reference, int block)
    {
        bool Pad(Span<byte> buffer, ref int length) => Padding.TryPad(buffer, ref length, block);
        if (!reference.IsEditable)
        {
            Applied(message, message.Length + block + 4, null, "padding", Pad);
            return;
        }

        byte[][] others = [.. reference.Options!.Where(option => Reference.CodeOf(option) != 12)];
        int bare = reference.With(others).Length;
        int whole = ((bare + 4 + block - 1) / block) * block;
        byte[] Padded(int length)
        {
            int zeros = length - bare - 4;
            return reference.With([.. others, [0, 12, (byte)(zeros >> 8), (byte)zeros, .. new byte[zeros]]]);
        }

        byte[] padded = Applied(message, Math.Max(message.Length, whole), Padded(whole), "padding", Pad);
        Invariants.Equal(0, padded.Length % block, "padded length");
        Applied(padded, padded.Length, padded, "padding again", Pad);
        foreach (int room in (int[])[bare + 3, bare + 4, whole - 1, message.Length])
        {
            if (room >= message.Length)
            {
                Applied(message, room, room < bare + 4 ? null : Padded(Math.Min(whole, room)), "padding with little room", Pad);
            }
        }
    }
}
