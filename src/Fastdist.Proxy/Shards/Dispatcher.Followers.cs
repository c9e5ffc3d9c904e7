using System;
using System.Runtime.InteropServices;
using Fastdist.Cache;
using Fastdist.Cache.Answers;
using Fastdist.Dns;
using Fastdist.Proxy.Backends;
using Fastdist.Proxy.Counters;
using Fastdist.Proxy.InFlight;

namespace Fastdist.Proxy.Shards;

/// <summary>
/// Equal queries in flight are asked once: the first leads, the others follow it and get its answer as if they had been asked themselves, each by its own rules,
/// deadline and limits. When the leader gets none, one of them leads.
/// </summary>
internal sealed partial class Dispatcher
{
    private readonly EqualQueries _equals;
    private readonly byte[] _key = new byte[EqualKeys.MaxSize];
    private readonly byte[] _leadersKey = new byte[EqualKeys.MaxSize];
    private readonly EqualKeys _equalKeys;
    private EqualKeys? _keys;
    private SharedAnswer? _shared;
    private (ulong First, ulong Second) _seed;

    /// <summary>Groups of equal queries, most of which have one query.</summary>
    public int EqualCount => _equals.Count;

    /// <summary>Queries that wait for the answer to another.</summary>
    public int FollowerCount => _equals.Followers;

    /// <summary>The caches of pools are others: where there are any equal queries are asked once.</summary>
    public void CachesChanged()
    {
        _keys = _shard.Caches.IsAny ? _equalKeys : null;
        if (_keys is not null && _shared is null)
        {
            _shared = new SharedAnswer();
            _shard.Machine.FillUnguessable(MemoryMarshal.AsBytes(new Span<(ulong, ulong)>(ref _seed)));
        }
    }

    /// <summary>Has a query wait for the answer to an equal one; else it leads, if it is one that could be followed.</summary>
    private bool TryFollow(EqualKeys keys, int index)
    {
        int length = keys.KeyOf(index, _key);
        if (length == 0)
        {
            return false;
        }

        ReadOnlySpan<byte> key = _key.AsSpan(0, length);
        ulong hash = SipHash.Hash(key, _seed.First, _seed.Second);
        int group = _equals.Find(hash, out int leader);
        if (group == EqualQueries.None || !key.SequenceEqual(_leadersKey.AsSpan(0, keys.KeyOf(leader, _leadersKey))))
        {
            _equals.Lead(index, hash);
            return false;
        }

        Backend home = _backends[_table[leader].DeadlineClass / Backend.ClassesPerBackend];
        if (home.IsLeaving)
        {
            // It is not to be kept by ever new queries whose time it rules.
            _equals.Lead(index, hash);
            return false;
        }

        home.QueryDeadlines.Append(index);
        _equals.Follow(index, group);
        CountShared(index);
        NoteStale(index);
        return true;
    }

    private void CountShared(int index)
    {
        if (_shard.Caches[_table.PoolOf(in _table[index])] is { } cache)
        {
            cache.Counters.Shared++;
        }
    }

    /// <summary>Takes an answer in for those that follow the query that it answers, before anything is done to it for its own client.</summary>
    /// <param name="index">The query that was asked.</param>
    /// <param name="message">What the backend answered.</param>
    /// <param name="backend">The backend.</param>
    /// <param name="answer">What its followers get.</param>
    /// <returns>False when it has none.</returns>
    private bool TryShare(int index, ReadOnlySpan<byte> message, Backend backend, out FollowerAnswer answer)
    {
        answer = default;
        int group = _equals.TakeFrom(index);
        if (group == EqualQueries.None)
        {
            return false;
        }

        // An error that is about EDNS may be about an option of the one client, such as its cookie, that others have not sent. Options that the backend's edits
        // brought go with the OPT; what there is instead is undone for each follower by itself.
        bool isForAll = !Answer.MayRefuseEdns(message) && _answers.IsForOthers && AreToldAlike(index, group, backend) && _shared!.TryTake(message);
        answer = new FollowerAnswer(group, isForAll, Header.IsTruncated(message) ? _table[index].AnswerLimit : int.MaxValue);
        return true;
    }

    /// <summary>
    /// Whether the backend would have been told the same about a query and all its followers. Which networks make queries differ follows from who is in their pool,
    /// where backends may have come and gone since.
    /// </summary>
    private bool AreToldAlike(int index, int group, Backend backend)
    {
        if (!backend.Options.UseClientSubnet)
        {
            return true;
        }

        ReadOnlySpan<byte> told = _leadersKey.AsSpan(0, _equalKeys.KeyWhereTold(index, _leadersKey));
        for (int follower = _equals.FirstOf(group); follower != EqualQueries.None; follower = _table[follower].Queue.Next)
        {
            if (!told.SequenceEqual(_key.AsSpan(0, _equalKeys.KeyWhereTold(follower, _key))))
            {
                return false;
            }
        }

        // It has no key where its pool has no cache any more.
        return !told.IsEmpty;
    }

    /// <summary>Gives followers an answer. Who cannot have it is asked: one for all, and if that helps nobody either, each by itself.</summary>
    private void AnswerFollowers(in FollowerAnswer answer, Backend backend)
    {
        int mostWanting = EqualQueries.None;
        for (int follower = answer.CanBeShared ? _equals.FirstOf(answer.Group) : EqualQueries.None, next; follower != EqualQueries.None; follower = next)
        {
            next = _table[follower].Queue.Next;
            if (_table[follower].AnswerLimit <= answer.Limit)
            {
                AnswerFollower(follower, backend);
            }
            else if (mostWanting == EqualQueries.None || _table[follower].AnswerLimit >= _table[mostWanting].AnswerLimit)
            {
                mostWanting = follower;
            }
        }

        if (_equals.FirstOf(answer.Group) == EqualQueries.None)
        {
            _equals.End(answer.Group);
        }
        else if (answer.CanBeShared || _equals.NoteUnshared(answer.Group))
        {
            LetLead(answer.Group, mostWanting);
        }
        else
        {
            AskEach(answer.Group);
        }
    }

    /// <summary>Has a group be led by one of those that it has left, by the one that takes the longest answer where the last was cut.</summary>
    private void LetLead(int group, int mostWanting)
    {
        if (mostWanting != EqualQueries.None)
        {
            _equals.Prefer(mostWanting);
        }

        _equals.Orphan(group);
    }

    /// <summary>Gives a follower an answer as if its backend had been asked for it alone; only that has nothing of it to count.</summary>
    private void AnswerFollower(int index, Backend backend)
    {
        ref InFlightEntry entry = ref _table[index];
        _equals.Part(index);
        _ = Query.Parse(_table.Message(index), out Query query);
        Span<byte> room = _answers.Room;
        int length = _shared!.Write(in query, _answers.PayloadSize, room);
        if (length == 0)
        {
            // Longer than any message by what this client's OPT has more than the first one's.
            Fail(index, FailureKind.NotSent);
            return;
        }

        _answers.Pass(index, backend.Edits.Undo(room, length, in entry), backend.Options, isKept: true);
        End(index);
    }

    /// <summary>What answers cannot be shared is asked for by everybody, as without this.</summary>
    private void AskEach(int group)
    {
        for (int index = _equals.FirstOf(group); index != EqualQueries.None; index = _equals.FirstOf(group))
        {
            _equals.Part(index);
            _table[index].Notes &= ~QueryNotes.Follows;
            AskFollower(index);
        }

        _equals.End(group);
    }

    /// <summary>
    /// A leader gets no answer. Where there is nobody to ask, or those that are asked end at this question, its followers fare no better; else one of them
    /// is asked when the turn ends.
    /// </summary>
    private void LeaderFailed(int group, FailureKind kind, BackendFailure cause)
    {
        if (kind is not (FailureKind.NoBackend or FailureKind.Full or FailureKind.EndsConnections))
        {
            _equals.Orphan(group);
            return;
        }

        for (int index = _equals.FirstOf(group); index != EqualQueries.None; index = _equals.FirstOf(group))
        {
            Fail(index, kind, cause);
        }

        _equals.End(group);
    }

    /// <summary>Asks one of those whose leader is gone, in each group.</summary>
    private void LeadOrphans()
    {
        while (_equals.TryLeadOrphan(out int leader))
        {
            if (leader != EqualQueries.None)
            {
                AskFollower(leader);
            }
        }
    }

    /// <summary>Asks a query that has waited for another's answer: it was taken before, so it finds room where new ones do not.</summary>
    private void AskFollower(int index)
    {
        if ((Choose(index, out _) ?? PoolOf(index).FindFull()) is not { } backend || !backend.TryAssign(index, isResent: true))
        {
            Fail(index, FailureKind.NoBackend);
        }

        TakeNews();
    }

    /// <summary>What followers of a query get.</summary>
    /// <param name="Group">Their group, which has no leader any more.</param>
    /// <param name="CanBeShared">Whether the answer is one for others, too.</param>
    /// <param name="Limit">Bytes that those take at most whom it is good for: an answer that was cut for one client is not for another that takes more.</param>
    private readonly record struct FollowerAnswer(int Group, bool CanBeShared, int Limit);
}
