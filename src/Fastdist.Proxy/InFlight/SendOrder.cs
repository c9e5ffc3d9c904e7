namespace Fastdist.Proxy.InFlight;

/// <summary>
/// In which order and when the queries of a connection were put on it, how many of them may have arrived, and whose answer came last
/// in that order. It tells apart, once the connection has ended, those that may have ended it from those that cannot.
/// </summary>
internal sealed class SendOrder
{
    private readonly Place[] _places;

    // Numbers wrap, so they are compared by their distance; no query is in flight for two billion others.
    private uint _last;
    private uint _left;
    private uint _answered;
    private uint _answers;

    // Bytes handed to the kernel, and those of them that may have been received.
    private uint _bytes;
    private uint _arrived;
    private uint _leftBefore;

    /// <param name="size">IDs of the connection.</param>
    public SendOrder(int size) => _places = new Place[size];

    /// <summary>A query was put on the connection under an ID.</summary>
    /// <param name="id">Its ID.</param>
    /// <param name="now">Microseconds.</param>
    public void Put(ushort id, long now) => _places[id] = new Place(++_last, _answers, _bytes, Milliseconds(now));

    /// <summary>All that were put have been handed to the kernel.</summary>
    public void Left() => (_leftBefore, _left) = (_left, _last);

    /// <summary>Bytes were handed to the kernel, whatever they are.</summary>
    public void Sent(int bytes) => _arrived = _bytes += (uint)bytes;

    /// <summary>What was handed to the kernel last was not taken.</summary>
    public void NotTaken() => _left = _leftBefore;

    /// <summary>The backend ended before the last bytes arrived.</summary>
    public void NotArrived(int bytes) => _arrived = _bytes - (uint)bytes;

    /// <summary>The answer to a query came.</summary>
    public void Answered(ushort id)
    {
        _answers++;
        uint number = _places[id].Number;
        _answered = (int)(number - _answered) > 0 ? number : _answered;
    }

    /// <summary>Whether the backend may have seen a query: it was handed to the kernel, and not too late.</summary>
    public bool MayHaveArrived(ushort id) => (int)(_left - _places[id].Number) >= 0 && (int)(_arrived - _places[id].BytesBefore) > 0;

    /// <summary>Whether anything was answered since a query was put on the connection.</summary>
    public bool HasAnsweredSince(ushort id) => _answers != _places[id].AnswersBefore;

    /// <summary>Whether one that was put later has been answered: the backend has read beyond it and lives.</summary>
    public bool IsOvertaken(ushort id) => (int)(_answered - _places[id].Number) > 0;

    /// <summary>How many were put after it.</summary>
    public uint After(ushort id) => _last - _places[id].Number;

    /// <summary>How long ago a query was put on the connection, milliseconds.</summary>
    public long Age(ushort id, long now) => Milliseconds(now) - _places[id].PutAt;

    /// <summary>Begins anew, for a new connection.</summary>
    public void Reset() => _last = _left = _leftBefore = _answered = _answers = _bytes = _arrived = 0;

    private static uint Milliseconds(long now) => (uint)(now / 1000);

    private readonly record struct Place(uint Number, uint AnswersBefore, uint BytesBefore, uint PutAt);
}
