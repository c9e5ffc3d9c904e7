using System;
using System.Buffers;
using Fastdist.Dns;
using Fastdist.Proxy.Backends;
using Fastdist.Proxy.Counters;
using Fastdist.Proxy.InFlight;

namespace Fastdist.Proxy.Shards;

/// <summary>What becomes of queries whose connection ended: servers close connections as they like, so they are asked again.</summary>
internal sealed partial class Dispatcher
{
    /// <summary>
    /// Each query of a connection that ended is asked again or given up. Those that may have ended it line up in the order they were
    /// sent, as the first is the likeliest; of the others each goes ahead of those that wait, so the latest comes first.
    /// </summary>
    private void LoseQueries(BackendConnection connection, BackendFailure failure, ConnectionEnd end)
    {
        int count = connection.Ids.InFlightCount;
        if (count == 0)
        {
            return;
        }

        ushort[] lost = ArrayPool<ushort>.Shared.Rent(count);
        connection.ListLatestFirst(lost.AsSpan(0, count));
        for (int i = count - 1; i >= 0; i--)
        {
            if (connection.MayHaveBeenEndedBy(lost[i], end) && connection.Ids.Find(lost[i], out int entry) == IdState.InFlight)
            {
                SuspectLost(entry, connection, lost[i], end, failure);
            }
        }

        for (int i = 0; i < count; i++)
        {
            if (!connection.MayHaveBeenEndedBy(lost[i], end) && connection.Ids.Find(lost[i], out int entry) == IdState.InFlight)
            {
                LegLost(entry, connection, lost[i], end, failure);
            }
        }

        ArrayPool<ushort>.Shared.Return(lost);
    }

    /// <summary>A connection ended with this query on it, which is not why.</summary>
    /// <param name="index">The query.</param>
    /// <param name="connection">The connection.</param>
    /// <param name="id">Its ID there.</param>
    /// <param name="end">How it ended.</param>
    /// <param name="failure">Why, for a health check.</param>
    private void LegLost(int index, BackendConnection connection, ushort id, ConnectionEnd end, BackendFailure failure)
    {
        if (!TakeLostLeg(index, connection, id, end))
        {
            return;
        }

        if (_table[index].IsPinned)
        {
            LosePinned(index, end, failure);
        }
        else if (!GaveUpFruitless(index, failure) && !TryReturn(index, _backends.HomeOf(connection)))
        {
            Resend(index, _backends.HomeOf(connection));
        }
    }

    /// <summary>Finds another backend for a query that lost its own, or answers it.</summary>
    /// <param name="index">The query; it is on no connection and in no queue.</param>
    /// <param name="last">Whom it was given last.</param>
    private void Resend(int index, Backend last)
    {
        if (_table[index].IsPinned)
        {
            ResendPinned(index);
            return;
        }

        Backend? backend = Choose(index, out _) ?? PoolOf(index).FindFull();
        if (backend == last && last.NeedsConnectionFor(in _table[index]))
        {
            // The policy goes by how ready it is over UDP, which does not tell that there is no connection to be had.
            backend = PoolOf(index).FindReady(last) ?? backend;
        }

        if (backend != last)
        {
            ForgetEdits(index);
        }

        if (backend is null || !TryResend(index, backend))
        {
            Fail(index, FailureKind.NoBackend);
        }
    }

    /// <summary>Finds a backend for a query that has waited long with nobody, or answers it.</summary>
    /// <param name="index">The query of a client; it is on no connection and in no queue.</param>
    private void Resend(int index)
    {
        ForgetEdits(index);
        if ((Choose(index, out _) ?? PoolOf(index).FindFull()) is not { } backend || !TryResend(index, backend))
        {
            Fail(index, FailureKind.NoBackend);
        }
    }

    /// <summary>What one backend refused another may bear.</summary>
    private void ForgetEdits(int index) => _table[index].Notes &= ~(QueryNotes.IsUnedited | QueryNotes.IsEdited);

    /// <summary>
    /// Whom the policy chose is still its choice when one of its connections ended and the next is taken for granted, unless nothing
    /// comes of it.
    /// </summary>
    private bool TryReturn(int index, Backend backend) =>
        backend.Readiness == Readiness.Ready && _table[index].FruitlessSends <= 1 && _pools.IsMember(backend, PoolOf(index)) && TryResend(index, backend);

    private bool TryResend(int index, Backend backend)
    {
        if (!backend.TryAssign(index, isResent: true))
        {
            return false;
        }

        backend.Counters.Retries++;
        return true;
    }

    /// <summary>Takes from a query the leg that ended.</summary>
    /// <param name="index">The query.</param>
    /// <param name="connection">The connection.</param>
    /// <param name="id">Its ID there.</param>
    /// <param name="end">How it ended.</param>
    /// <returns>Whether that was the last.</returns>
    private bool TakeLostLeg(int index, BackendConnection connection, ushort id, ConnectionEnd end)
    {
        ref InFlightEntry entry = ref _table[index];
        entry.TakeLeg(new Leg { Connection = connection.Index, Id = id });
        _backends.HomeOf(connection).LegEnded();
        bool mayHaveArrived = connection.Order.MayHaveArrived(id);
        bool isFruitless = end != ConnectionEnd.Retired && mayHaveArrived && !connection.Order.HasAnsweredSince(id);
        entry.FruitlessSends = mayHaveArrived && IsChange(index) ? byte.MaxValue : (byte)(entry.FruitlessSends + (isFruitless ? 1 : 0));
        return !entry.First.IsUsed;
    }

    private bool GaveUpFruitless(int index, BackendFailure failure)
    {
        if (!HasUsedUpRetries(in _table[index]))
        {
            return false;
        }

        GiveUp(index, FailureKind.RetriesUsedUp, failure);
        return true;
    }

    /// <summary>Whether a query changes something where it arrives (RFC 2136), so that it must not arrive twice.</summary>
    private bool IsChange(int index) => Header.Opcode(_table.Message(index)) == Opcode.Update;

    private bool HasUsedUpRetries(in InFlightEntry entry) =>
        entry.FruitlessSends > _backends[entry.DeadlineClass / Backend.ClassesPerBackend].Options.Retries;

    /// <summary>An orderly end says nothing about the backend, so what asks about it goes out again on the next connection.</summary>
    private void LosePinned(int index, ConnectionEnd end, BackendFailure failure)
    {
        if (end is ConnectionEnd.Retired or ConnectionEnd.Ordinary)
        {
            ResendPinned(index);
        }
        else
        {
            Fail(index, FailureKind.BackendFailed, failure);
        }
    }

    private void ResendPinned(int index)
    {
        if (!_backends[_table[index].PinnedTo].TryAssignCheck(index))
        {
            Fail(index, FailureKind.NotSent);
        }
    }
}
