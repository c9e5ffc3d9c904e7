using System;

namespace Fastdist.Rules.Patterns;

/// <summary>
/// Reads a text with the set of positions that can be reached, where there are too many such sets for a table. A byte costs a few operations for each 64
/// positions, and one for each row of those that branch.
/// </summary>
/// <param name="tables">Shared; what is written is the simulation's own.</param>
internal sealed class Simulation(PositionTables tables)
{
    private readonly ulong[] _here = new ulong[tables.Words];
    private readonly ulong[] _next = new ulong[tables.Words];

    public bool Matches(ReadOnlySpan<byte> text)
    {
        ReadOnlySpan<byte> classOf = tables.ClassTable;
        Span<ulong> here = _here;
        Span<ulong> next = _next;
        here.Clear();
        here[0] = 1;
        foreach (byte value in text)
        {
            int byteClass = classOf[value];
            if (tables.Accepts(here, tables.KindOf(byteClass)))
            {
                return true;
            }

            tables.Follow(here, next);
            if (!tables.Take(next, byteClass, here))
            {
                return false;
            }
        }

        return tables.Accepts(here, Neighbour.Edge);
    }
}
