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

    /// <summary>The last part of an entry's life in which it is renewed is one in so many, and one in twice as many less for some, so that not all are at once.</summary>
    private const uint LastPart = 10;

    /// <summary>Looks into the cache that one renewal costs: a tenth of what is asked.</summary>
    private const int Price = 10;

    private const int MostSaved = 100 * Price;
    private const uint MostPause = 60;

    private int _saved = MostSaved;
    private uint _pause;
    private uint _pausedUntil;

    /// <summary>A query was looked for.</summary>
    public void Earn() => _saved = Math.Min(_saved + 1, MostSaved);

    /// <summary>Somebody is sent for.</summary>
    public void Spend() => _saved -= Price;

    /// <summary>Somebody was sent for in vain: the pause doubles each time, up to a minute, and is short again once there was none for as long.</summary>
    public void Fail(uint now)
    {
        _pause = now > _pausedUntil + MostPause ? 1 : Math.Min(Math.Max(_pause, 1) * 2, MostPause);
        _pausedUntil = now + _pause;
    }

    /// <summary>Whether an entry that is asked for often is to be renewed.</summary>
    /// <param name="head">The entry, whose time is not over.</param>
    /// <param name="hash">Its hash, by which it is early or late.</param>
    /// <param name="now">The time, seconds.</param>
    public bool IsDue(in EntryHead head, ulong hash, uint now)
    {
        uint life = head.Ends - head.Added;
        if (life < LeastTtl || (head.Ends - now) * LastPart > life || _saved < Price || now < _pausedUntil)
        {
            return false;
        }

        uint jitter = (uint)(hash >> 40) % ((life / (2 * LastPart)) + 1);
        return head.Ends - now + jitter <= life / LastPart;
    }
}
