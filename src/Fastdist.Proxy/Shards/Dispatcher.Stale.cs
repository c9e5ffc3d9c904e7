using System.Collections.Generic;
using Fastdist.Proxy.InFlight;

namespace Fastdist.Proxy.Shards;

/// <summary>Queries whose clients need not wait for long, as a cache has an answer, though its time be over (RFC 8767 section 5).</summary>
internal sealed partial class Dispatcher
{
    /// <summary>Answers that are given for want of others in one turn.</summary>
    private const int StalePerTurn = 256;

    /// <summary>Those that may come to wait too long, in the order in which they came: all wait for as long.</summary>
    private readonly Queue<(int Index, long Arrived)> _waitingBesideStale = new();

    /// <summary>When the first has waited for long enough, microseconds of the shard's clock; the largest integer for none.</summary>
    public long NextStale => _waitingBesideStale.TryPeek(out (int Index, long Arrived) first) ? first.Arrived + StaleTimeout : long.MaxValue;

    private long StaleTimeout => _shard.Options.StaleAnswerClientTimeout * 1000L;

    /// <summary>Answers those that have waited for long enough; their backends go on being waited for.</summary>
    public void GiveStale()
    {
        for (int rest = StalePerTurn; rest > 0 && NextStale <= _shard.Clock.Now; rest--)
        {
            (int index, long arrived) = _waitingBesideStale.Dequeue();
            ref InFlightEntry entry = ref _table[index];

            // A place that was given back has no such note, and one that was given again has another time, or a client that may be answered as well.
            if ((entry.Notes & QueryNotes.HasStale) != 0 && entry.Arrived == arrived)
            {
                entry.Notes &= ~QueryNotes.HasStale;
                _table.AskerOf(in entry).TryGiveStale(index);
            }
        }
    }

    private void NoteStale(int index)
    {
        ref InFlightEntry entry = ref _table[index];
        if ((entry.Notes & QueryNotes.HasStale) != 0 && StaleTimeout > 0)
        {
            _waitingBesideStale.Enqueue((index, entry.Arrived));
        }
    }
}
