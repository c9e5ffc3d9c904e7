namespace Fastdist.Proxy.Backends;

/// <summary>Members of a pool of which something changed since the pool looked at them, each once.</summary>
/// <param name="members">How many there are.</param>
internal sealed class ChangeList(int members)
{
    private readonly bool[] _isMarked = new bool[members];
    private readonly int[] _marked = new int[members];
    private int _count;

    /// <summary>Something of a member changed.</summary>
    public void Mark(int member)
    {
        if (!_isMarked[member])
        {
            _isMarked[member] = true;
            _marked[_count++] = member;
        }
    }

    /// <summary>Takes one of those that have changed.</summary>
    /// <returns>False when there is none.</returns>
    public bool TryTake(out int member)
    {
        if (_count == 0)
        {
            member = -1;
            return false;
        }

        member = _marked[--_count];
        _isMarked[member] = false;
        return true;
    }
}
