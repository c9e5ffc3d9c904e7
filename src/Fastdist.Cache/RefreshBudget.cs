using System;
using Fastdist.Cache.Storage;

namespace Fastdist.Cache;

/// <summary>
/// When one shard has entries renewed before they end: those that are asked for near their end, but no more than a share of what it is asked, and none for a while
/// after backends did not answer.
/// </summary>
internal sealed class RefreshBudget
{
    /// <summary>What lives shorter is renewed no sooner than somebody misses it, seconds.</summary>
    private const uint LeastTtl = 10;

    /// <summary>The last part of an entry's life in which it is renewed is one in so many, and for some up to half of that less, so that not all are at once.</summary>
    private const uint LastPart = 10;

    /// <summary>Looks into the cache that one renewal costs: a tenth of what is asked.</summary>
    private const int Price = 10;

    private const int MostSaved = 100 * Price;

    /// <summary>Longest pause, seconds.</summary>
    private const uint MostPause = 60;

    private int _saved = MostSaved;
    private uint _pause;
    private uint _pausedUntil;

    /// <summary>A query was looked for.</summary>
    public void Earn() => _saved = Math.Min(_saved + 1, MostSaved);

    /// <summary>Somebody is sent for.</summary>
    public void Spend() => _saved -= Price;

    /// <summary>
    /// Somebody was sent for in vain: the pause doubles each time, up to a minute, and is short again once a minute went by after it without another one. Those that
    /// were under way together, and so come while there is a pause, count once.
    /// </summary>
    /// <param name="now">The time, seconds.</param>
    public void Fail(uint now)
    {
        if (now < _pausedUntil)
        {
            return;
        }

        _pause = _pause == 0 || now - _pausedUntil > MostPause ? 1 : Math.Min(_pause * 2, MostPause);
        _pausedUntil = now + _pause;
    }

    /// <summary>Whether an entry that is asked for often is to be renewed.</summary>
    /// <param name="head">The entry, whose time is not over.</param>
    /// <param name="hash">Its hash, by which it is early or late.</param>
    /// <param name="now">The time, seconds.</param>
    public bool IsDue(in EntryHead head, ulong hash, uint now)
    {
        uint life = head.Ends - head.Added;
        uint left = head.Ends - now;
        uint last = life / LastPart;
        if (life < LeastTtl || left > last || _saved < Price || now < _pausedUntil)
        {
            return false;
        }

        uint jitter = (uint)(hash >> 40) % ((last / 2) + 1);
        return left <= last - jitter;
    }
}
