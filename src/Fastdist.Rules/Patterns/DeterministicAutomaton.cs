using System;

namespace Fastdist.Rules.Patterns;

/// <summary>A table of states and what each goes to by the class of a byte. It is not written while it matches, so that all shards share it.</summary>
/// <param name="transitions">
/// A row for each state: where it goes on each class of bytes, and last at the end of the text. A state is told by where its row starts; the first two never
/// go on, <see cref="Failed"/> and the one that has matched.
/// </param>
/// <param name="classes">The class of each byte value.</param>
/// <param name="start">Where it starts.</param>
/// <param name="stride">Length of a row.</param>
internal sealed class DeterministicAutomaton(int[] transitions, byte[] classes, int start, int stride)
{
    /// <summary>The state that no match comes from any more; its row is the first.</summary>
    public const int Failed = 0;

    public bool Matches(ReadOnlySpan<byte> text)
    {
        int[] table = transitions;
        byte[] classOf = classes;
        int matched = stride;
        int state = start;
        foreach (byte value in text)
        {
            if (state <= matched)
            {
                return state != Failed;
            }

            state = table[state + classOf[value]];
        }

        return table[state + stride - 1] != Failed;
    }
}
