using System;
using System.Buffers.Binary;

namespace Fastdist.Dns;

/// <summary>
/// Writes a message from its beginning on, with pointers in the place of names that it has written (RFC 1035 section 4.1.4). Names keep
/// their letters' case. It does not remember some names rather than look far for them.
/// </summary>
internal ref struct NameCompressor
{
    /// <summary>Names that it remembers at most; four bytes each.</summary>
    internal const int Slots = 512;

    private const int PointerSize = 2;
    private const int PointerBits = 0xC000;
    private const int MaxTarget = 0x3FFF;

    // Outsiders must not choose names that are compared in vain.
    private static readonly uint s_seed = (uint)Random.Shared.Next();

    private readonly Span<byte> _message;

    // The upper half of a name's hash above, its offset in the message below; 0 is free.
    private readonly Span<uint> _known;

    /// <summary>Begins a message.</summary>
    /// <param name="message">Receives it.</param>
    /// <param name="known">As many zeros as there are <see cref="Slots"/>.</param>
    internal NameCompressor(Span<byte> message, Span<uint> known)
    {
        _message = message;
        _known = known;
    }

    /// <summary>Bytes written.</summary>
    internal int Length { get; private set; }

    /// <summary>Writes some bytes; false when they do not fit.</summary>
    internal bool TryWrite(scoped ReadOnlySpan<byte> bytes)
    {
        if (!bytes.TryCopyTo(_message[Length..]))
        {
            return false;
        }

        Length += bytes.Length;
        return true;
    }

    /// <summary>Writes a name.</summary>
    /// <param name="name">The name, validated and without pointers.</param>
    /// <param name="mayCompress">Whether it may end in a pointer.</param>
    /// <returns>False when it does not fit.</returns>
    internal bool TryWriteName(scoped ReadOnlySpan<byte> name, bool mayCompress)
    {
        Span<byte> starts = stackalloc byte[Names.MaxLabels];
        Span<uint> hashes = stackalloc uint[Names.MaxLabels];
        int labels = Names.FindLabels(name, starts);
        uint hash = s_seed;
        for (int label = labels - 1; label >= 0; label--)
        {
            hashes[label] = hash = Names.Hash(name.Slice(starts[label], name[starts[label]] + 1), hash);
        }

        int plain = 0, target = 0;
        while (mayCompress && plain < labels && !TryFind(name[starts[plain]..], hashes[plain], out target))
        {
            plain++;
        }

        bool isWhole = !mayCompress || plain == labels;
        plain = isWhole ? labels : plain;
        int start = Length;
        if (!(isWhole ? TryWrite(name) : TryWrite(name[..starts[plain]]) && TryWritePointer(target)))
        {
            return false;
        }

        for (int label = 0; label < plain && start + starts[label] <= MaxTarget; label++)
        {
            // Who came first stays: most records are named as the question is.
            ref uint slot = ref Slot(hashes[label]);
            slot = slot == 0 ? (hashes[label] & 0xFFFF0000) | (uint)(start + starts[label]) : slot;
        }

        return true;
    }

    /// <summary>Sets the number of two bytes at an offset that was written.</summary>
    internal readonly void Patch(int offset, int number) => BinaryPrimitives.WriteUInt16BigEndian(_message[offset..], (ushort)number);

    private bool TryWritePointer(int target)
    {
        if (_message.Length - Length < PointerSize)
        {
            return false;
        }

        Patch(Length, PointerBits | target);
        Length += PointerSize;
        return true;
    }

    private readonly ref uint Slot(uint hash) => ref _known[(int)(hash % Slots)];

    private readonly bool TryFind(scoped ReadOnlySpan<byte> name, uint hash, out int target)
    {
        uint slot = Slot(hash);
        target = (int)(slot & 0xFFFF);
        return slot != 0 && ((slot ^ hash) & 0xFFFF0000) == 0 && IsAt(target, name);
    }

    // Each pointer that was written leads to a label further ahead, so this ends.
    private readonly bool IsAt(int offset, scoped ReadOnlySpan<byte> name)
    {
        while (true)
        {
            int label = _message[offset];
            if (label > WireName.MaxLabel)
            {
                offset = BinaryPrimitives.ReadUInt16BigEndian(_message[offset..]) & MaxTarget;
                continue;
            }

            if (!_message.Slice(offset, label + 1).SequenceEqual(name[..Math.Min(label + 1, name.Length)]))
            {
                return false;
            }

            if (label == 0)
            {
                return true;
            }

            offset += label + 1;
            name = name[(label + 1)..];
        }
    }
}
