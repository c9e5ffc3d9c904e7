using System;
using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Fastdist.Dns;

namespace Fastdist.Cache.Answers;

/// <summary>
/// View of the form in which an answer is kept: a head of 12 bytes, the answer without OPT, two bytes for each of its TTLs that say where it is, and the options
/// of its OPT that are about the answer. Whoever reads one from bytes that nobody wrote as such finds none, or one in which nothing leads astray.
/// </summary>
internal readonly ref struct KeptForm
{
    /// <summary>Bytes of the head.</summary>
    public const int HeadSize = 12;

    /// <summary>Bytes of where a TTL is.</summary>
    public const int OffsetSize = sizeof(ushort);

    private readonly ReadOnlySpan<byte> _offsets;

    private KeptForm(Head head, ReadOnlySpan<byte> rest)
    {
        Traits = head.Traits;
        QuestionEnd = head.QuestionEnd;
        Addresses = new AddressSet(head.FirstAddress, head.AddressCount);
        Message = rest[..head.MessageSize];
        _offsets = rest.Slice(head.MessageSize, head.TtlCount * OffsetSize);
        Options = rest[(head.MessageSize + _offsets.Length)..];
    }

    /// <summary>What its OPT was.</summary>
    public KeptTraits Traits { get; }

    /// <summary>Where its question ends.</summary>
    public int QuestionEnd { get; }

    /// <summary>Its first set of addresses, when that has two or more.</summary>
    public AddressSet Addresses { get; }

    /// <summary>The answer without OPT, ID zero.</summary>
    public ReadOnlySpan<byte> Message { get; }

    /// <summary>TTLs that it has.</summary>
    public int TtlCount => _offsets.Length / OffsetSize;

    /// <summary>Its extended errors (RFC 8914), options one behind the other.</summary>
    public ReadOnlySpan<byte> Options { get; }

    /// <summary>Where a TTL is in the message; in what nobody wrote it may be anywhere, which <see cref="IsRecord"/> says.</summary>
    public int TtlAt(int index) => BinaryPrimitives.ReadUInt16LittleEndian(_offsets[(index * OffsetSize)..]);

    /// <summary>Whether so many bytes that begin there are behind the question and in the message: what an offset says is never written over the header or the question.</summary>
    public bool IsRecord(int at, int size) => at >= QuestionEnd && at <= Message.Length - size;

    /// <summary>Reads a form.</summary>
    public static bool TryRead(ReadOnlySpan<byte> kept, out KeptForm form)
    {
        form = default;
        if (kept.Length < HeadSize + Header.Size)
        {
            return false;
        }

        Head head = MemoryMarshal.Read<Head>(kept);
        bool fits = HeadSize + head.MessageSize + (head.TtlCount * OffsetSize) + head.OptionsSize == kept.Length;
        if (!fits || head.QuestionEnd <= Header.Size || head.QuestionEnd > head.MessageSize || head.FirstAddress + head.AddressCount > head.TtlCount)
        {
            return false;
        }

        form = new KeptForm(head, kept[HeadSize..]);
        return true;
    }

    /// <summary>What is before the answer.</summary>
    [StructLayout(LayoutKind.Sequential)]
    internal struct Head
    {
        /// <summary>Bytes of the answer.</summary>
        public ushort MessageSize;

        /// <summary>TTLs it has.</summary>
        public ushort TtlCount;

        /// <summary>Bytes of the options.</summary>
        public ushort OptionsSize;

        /// <summary>Where its question ends.</summary>
        public ushort QuestionEnd;

        /// <summary>Records before its first set of addresses.</summary>
        public ushort FirstAddress;

        /// <summary>Addresses in that set; 0 when it has less than two.</summary>
        public byte AddressCount;

        /// <summary>What its OPT was.</summary>
        public KeptTraits Traits;
    }
}
