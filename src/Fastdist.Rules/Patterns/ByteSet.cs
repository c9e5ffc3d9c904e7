namespace Fastdist.Rules.Patterns;

/// <summary>A set of byte values: bit n of the four words, in order, stands for the value n.</summary>
internal readonly record struct ByteSet(ulong Word0, ulong Word1, ulong Word2, ulong Word3)
{
    private const int Values = 256;
    private const int Bits = 64;

    /// <summary>A to Z, and a to z, in the second word.</summary>
    private const ulong UpperBits = 0x07FF_FFFE;
    private const ulong LowerBits = UpperBits << CaseShift;
    private const int CaseShift = 'a' - 'A';

    public static ByteSet None => default;

    public static ByteSet All => ~None;

    public bool IsEmpty => this == None;

    public static ByteSet Of(byte value) => Range(value, value);

    /// <summary>All values from one to another, both included.</summary>
    public static ByteSet Range(byte first, byte last) => UpTo(last) & ~(UpTo(first) & ~Bit(first));

    public static ByteSet operator |(ByteSet a, ByteSet b) => new(a.Word0 | b.Word0, a.Word1 | b.Word1, a.Word2 | b.Word2, a.Word3 | b.Word3);

    public static ByteSet operator &(ByteSet a, ByteSet b) => new(a.Word0 & b.Word0, a.Word1 & b.Word1, a.Word2 & b.Word2, a.Word3 & b.Word3);

    public static ByteSet operator ~(ByteSet a) => new(~a.Word0, ~a.Word1, ~a.Word2, ~a.Word3);

    public bool Contains(int value) => (Word(value / Bits) >> (value % Bits) & 1) != 0;

    /// <summary>The set with the other case of each ASCII letter of it.</summary>
    public ByteSet WithBothCases() => this with { Word1 = Word1 | ((Word1 & UpperBits) << CaseShift) | ((Word1 & LowerBits) >> CaseShift) };

    /// <summary>The values that are in the set once they are put into upper case: lower-case letters are in it exactly when upper-case ones are.</summary>
    public ByteSet AskedInUpperCase() => this with { Word1 = (Word1 & ~LowerBits) | ((Word1 & UpperBits) << CaseShift) };

    private static ByteSet UpTo(int last)
    {
        ulong Word(int index) => last >= ((index + 1) * Bits) - 1 ? ulong.MaxValue : last < index * Bits ? 0 : ulong.MaxValue >> (Bits - 1 - (last % Bits));
        return new ByteSet(Word(0), Word(1), Word(2), Word((Values / Bits) - 1));
    }

    private static ByteSet Bit(byte value)
    {
        ulong Word(int index) => value / Bits == index ? 1UL << (value % Bits) : 0;
        return new ByteSet(Word(0), Word(1), Word(2), Word((Values / Bits) - 1));
    }

    private ulong Word(int index) => index switch
    {
        0 => Word0,
        1 => Word1,
        2 => Word2,
        _ => Word3,
    };
}
