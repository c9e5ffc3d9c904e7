using System;
using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace Fastdist.Dns;

/// <summary>A name as a value: never changed, compared without ASCII case (RFC 4343), ordered as RFC 4034 section 6.1 says.</summary>
public sealed class DomainName : IEquatable<DomainName>, IComparable<DomainName>
{
    private readonly byte[] _wire;

    private DomainName(ReadOnlySpan<byte> wire) => _wire = wire.ToArray();

    /// <summary>The root, which every name is part of.</summary>
    public static DomainName Root { get; } = new([0]);

    /// <summary>In wire form, in the case that it was written in.</summary>
    public ReadOnlySpan<byte> Wire => _wire;

    /// <summary>Labels, the root's not counted: 0 to <see cref="Names.MaxLabels"/>.</summary>
    public int LabelCount => Names.CountLabels(_wire);

    /// <summary>The name without its first label; the root is its own.</summary>
    public DomainName Parent => new(Names.Parent(_wire));

    /// <summary>Reads a name in presentation format as <see cref="Names.TryParse"/> does, except that bytes beyond ASCII stand for themselves.</summary>
    public static bool TryParse(ReadOnlySpan<byte> text, [NotNullWhen(true)] out DomainName? name)
    {
        Span<char> characters = stackalloc char[Names.MaxTextLength];
        Span<byte> wire = stackalloc byte[Names.MaxWireLength];
        name = text.Length <= Names.MaxTextLength && NameText.TryParse(characters[..Encoding.Latin1.GetChars(text, characters)], '\xFF', wire, out int length)
            ? new DomainName(wire[..length])
            : null;
        return name is not null;
    }

    /// <summary>Reads a name in wire form at the beginning of some bytes, without pointers; what follows it is not looked at.</summary>
    public static bool TryRead(ReadOnlySpan<byte> bytes, [NotNullWhen(true)] out DomainName? name)
    {
        int end = WireName.EndOfPlain(bytes, 0);
        name = end > 0 ? new DomainName(bytes[..end]) : null;
        return name is not null;
    }

    /// <summary>Whether it is another name or lies below it.</summary>
    public bool IsPartOf(DomainName other) => Names.IsPartOf(_wire, other._wire);

    /// <summary>What stands in front of a name that it is part of; the root when it is not, or is that name itself.</summary>
    public DomainName RelativeTo(DomainName other) => IsPartOf(other) ? new([.. _wire.AsSpan(0, _wire.Length - other._wire.Length), 0]) : Root;

    /// <summary>Puts another name behind its last label.</summary>
    /// <returns>False when the two are longer than a name may be.</returns>
    public bool TryAppend(DomainName other, [NotNullWhen(true)] out DomainName? joined)
    {
        int length = _wire.Length - 1 + other._wire.Length;
        joined = length <= Names.MaxWireLength ? new DomainName([.. _wire.AsSpan(0, _wire.Length - 1), .. other._wire]) : null;
        return joined is not null;
    }

    /// <inheritdoc/>
    public bool Equals(DomainName? other) => other is not null && Names.EqualsIgnoreCase(_wire, other._wire);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as DomainName);

    /// <summary>The same in any case and on any machine.</summary>
    public override int GetHashCode() => (int)Names.Hash(_wire, 0);

    /// <inheritdoc/>
    public int CompareTo(DomainName? other)
    {
        if (other is null)
        {
            return 1;
        }

        Span<byte> ours = stackalloc byte[Names.MaxLabels], theirs = stackalloc byte[Names.MaxLabels];
        int left = Names.FindLabels(_wire, ours), right = Names.FindLabels(other._wire, theirs);
        while (left > 0 && right > 0)
        {
            if (Compare(LabelAt(_wire, ours[--left]), LabelAt(other._wire, theirs[--right])) is not 0 and int order)
            {
                return order;
            }
        }

        return left - right;
    }

    /// <summary>With its final dot; dots and backslashes within labels, and what cannot be printed, are escaped.</summary>
    public override string ToString() => NameText.ToText(_wire, NameText.SpecialInNames);

    private static ReadOnlySpan<byte> LabelAt(ReadOnlySpan<byte> wire, int start) => wire.Slice(start + 1, wire[start]);

    private static int Compare(ReadOnlySpan<byte> left, ReadOnlySpan<byte> right)
    {
        for (int i = 0; i < Math.Min(left.Length, right.Length); i++)
        {
            if (CaseFolding.Fold(left[i]) - CaseFolding.Fold(right[i]) is not 0 and int order)
            {
                return order;
            }
        }

        return left.Length - right.Length;
    }
}
