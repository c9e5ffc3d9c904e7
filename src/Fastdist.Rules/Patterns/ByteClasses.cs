using System.Collections.Generic;

namespace Fastdist.Rules.Patterns;

/// <summary>Byte values put together that a pattern does not tell apart: at most 256 classes, and seldom more than twenty.</summary>
internal sealed class ByteClasses
{
    private const int Values = 256;

    private readonly byte[] _classes = new byte[Values];
    private readonly List<byte> _samples = [0];

    /// <summary>Values are in one class when they are in the same of these sets.</summary>
    public ByteClasses(IEnumerable<ByteSet> sets)
    {
        foreach (ByteSet set in new HashSet<ByteSet>(sets))
        {
            Divide(set);
        }
    }

    public int Count => _samples.Count;

    /// <summary>The class of each value.</summary>
    public byte[] Table => _classes;

    /// <summary>A value of a class.</summary>
    public byte Sample(int number) => _samples[number];

    /// <summary>Each class of which a part is in a set, as its sample is not or the other way round, loses what is unlike its sample to a new class.</summary>
    private void Divide(ByteSet set)
    {
        int count = Count;
        var divided = new byte[count];
        for (int value = 0; value < Values; value++)
        {
            int number = _classes[value];
            if (set.Contains(value) != set.Contains(_samples[number]))
            {
                // No class is divided that has one value, so there are at most 256; and 0, the sample of the first, never leaves it.
                if (divided[number] == 0)
                {
                    divided[number] = (byte)Count;
                    _samples.Add((byte)value);
                }

                _classes[value] = divided[number];
            }
        }
    }
}
