using System;
using System.Collections.Generic;
using System.Diagnostics;

namespace Fastdist.Proxy.InFlight;

/// <summary>
/// Queries in flight that are equal, by groups: one of each is asked, its leader, and the others wait for that one's answer, its followers. A group is found by
/// the hash of its key while its leader is asked; the key itself is not kept, as it can be had from the leader. Without a leader a group is either being ended
/// by whoever took it, or an orphan until one of its followers leads it. It grows to what there was at once and stays there.
/// </summary>
/// <param name="table">The queries.</param>
internal sealed class EqualQueries(InFlightTable table)
{
    /// <summary>Most followers of one leader, so that the work that an answer makes is bounded; the next equal query leads another group.</summary>
    public const int MostFollowers = 256;

    /// <summary>No group, and no query.</summary>
    public const int None = -1;

    /// <summary>Mark of <see cref="InFlightEntry.QueuedAt"/> for followers.</summary>
    private const short FollowerMark = -3;

    private readonly GroupsByHash _listed = new();
    private readonly Queue<int> _orphans = new();
    private Group[] _groups = [];
    private int _firstFree = None;

    /// <summary>Groups that there are.</summary>
    public int Count { get; private set; }

    /// <summary>Queries that follow another, or have followed it and follow nobody yet.</summary>
    public int Followers { get; private set; }

    /// <summary>Whether there are some whose leader is gone.</summary>
    public bool HasOrphans => _orphans.Count > 0;

    /// <summary>The group that an equal query would join.</summary>
    /// <param name="hash">Hash of its key.</param>
    /// <param name="leader">Its leader, whose key is to be compared.</param>
    /// <returns>Its number; <see cref="None"/> when there is none, or it is full.</returns>
    public int Find(ulong hash, out int leader)
    {
        int group = _listed.Find(hash);
        leader = group == None ? None : _groups[group].Leader;
        return group != None && _groups[group].Count < MostFollowers ? group : None;
    }

    /// <summary>Has a query lead a group, which is found from now on in the place of another with this hash.</summary>
    public void Lead(int index, ulong hash)
    {
        int group = Take();
        _groups[group].Hash = hash;
        SetLeader(group, index);
        _listed.Set(hash, group);
    }

    /// <summary>Has a query wait for the answer to a group's leader; it is in no other queue.</summary>
    public void Follow(int index, int group)
    {
        ref InFlightEntry entry = ref table[index];
        entry.Notes |= QueryNotes.Follows;
        entry.Group = group;
        entry.QueuedAt = FollowerMark;
        _groups[group].Followers.Append(index);
        _groups[group].Count++;
        Followers++;
    }

    /// <summary>Parts a leader from its group, which nobody joins any more. For whoever ends that or makes it an orphan.</summary>
    /// <param name="index">A query that may be one.</param>
    /// <returns>The group; <see cref="None"/> when it has no followers, and is gone.</returns>
    public int TakeFrom(int index)
    {
        ref InFlightEntry entry = ref table[index];
        if ((entry.Notes & QueryNotes.Leads) == 0)
        {
            return None;
        }

        entry.Notes &= ~QueryNotes.Leads;
        int group = entry.Group;
        _listed.Remove(_groups[group].Hash, group);
        _groups[group].Leader = None;
        if (_groups[group].Count > 0)
        {
            return group;
        }

        GiveBack(group);
        return None;
    }

    /// <summary>Who came first of those that a group has left; <see cref="None"/> when it has none.</summary>
    public int FirstOf(int group) => _groups[group].Followers.First;

    /// <summary>A follower waits for that answer no longer: it gets it, or is asked itself. It is still noted to have been one.</summary>
    public void Part(int index)
    {
        ref InFlightEntry entry = ref table[index];
        Debug.Assert(entry.QueuedAt == FollowerMark);
        entry.QueuedAt = None;
        _groups[entry.Group].Followers.Remove(index);
        _groups[entry.Group].Count--;
        Followers--;
    }

    /// <summary>Has a follower be the next to lead its group.</summary>
    public void Prefer(int index)
    {
        ref EntryList<QueueLinks> followers = ref _groups[table[index].Group].Followers;
        followers.Remove(index);
        followers.Append(index);
    }

    /// <summary>Notes that an answer could not be given to a group's followers.</summary>
    /// <returns>Whether that is the first.</returns>
    public bool NoteUnshared(int group)
    {
        bool wasShared = !_groups[group].IsUnshared;
        _groups[group].IsUnshared = true;
        return wasShared;
    }

    /// <summary>A group that was taken from its leader gets another when its turn comes.</summary>
    public void Orphan(int group) => _orphans.Enqueue(group);

    /// <summary>Gives the next orphan a leader: of its followers the last that came, as that has the most time left.</summary>
    /// <param name="leader">Who leads it, and is to be asked; <see cref="None"/> when nobody of it is left.</param>
    /// <returns>False when there is no orphan.</returns>
    public bool TryLeadOrphan(out int leader)
    {
        leader = None;
        if (!_orphans.TryDequeue(out int group))
        {
            return false;
        }

        if (_groups[group].Count == 0)
        {
            GiveBack(group);
            return true;
        }

        leader = _groups[group].Followers.Last;
        Part(leader);
        table[leader].Notes &= ~QueryNotes.Follows;
        SetLeader(group, leader);
        if (_listed.Find(_groups[group].Hash) == None)
        {
            _listed.Set(_groups[group].Hash, group);
        }

        return true;
    }

    /// <summary>Ends a group that was taken from its leader and has no followers left.</summary>
    public void End(int group)
    {
        Debug.Assert(_groups[group] is { Count: 0, Leader: None });
        GiveBack(group);
    }

    /// <summary>A query ends, whichever it is: followers of a leader are orphans.</summary>
    public void Unlink(int index)
    {
        ref InFlightEntry entry = ref table[index];
        if (entry.QueuedAt == FollowerMark)
        {
            Part(index);
        }
        else if (TakeFrom(index) is var group and not None)
        {
            Orphan(group);
        }
    }

    private void SetLeader(int group, int index)
    {
        ref InFlightEntry entry = ref table[index];
        entry.Notes |= QueryNotes.Leads;
        entry.Group = group;
        _groups[group].Leader = index;
    }

    private int Take()
    {
        if (_firstFree == None)
        {
            Grow();
        }

        int group = _firstFree;
        _firstFree = _groups[group].Leader;
        _groups[group] = new Group(table);
        Count++;
        return group;
    }

    private void GiveBack(int group)
    {
        _groups[group].Leader = _firstFree;
        _firstFree = group;
        Count--;
    }

    private void Grow()
    {
        int known = _groups.Length;
        Array.Resize(ref _groups, Math.Max(known * 2, 64));
        for (int group = _groups.Length - 1; group >= known; group--)
        {
            _groups[group].Leader = _firstFree;
            _firstFree = group;
        }
    }

    private struct Group(InFlightTable table)
    {
        public EntryList<QueueLinks> Followers = new(table);
        public ulong Hash;
        public int Count;

        /// <summary>Who is asked; the next free group of one that is free.</summary>
        public int Leader = None;
        public bool IsUnshared;
    }
}
