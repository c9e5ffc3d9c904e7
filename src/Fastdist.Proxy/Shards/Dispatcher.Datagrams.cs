using System;
using Fastdist.Dns;
using Fastdist.Proxy.Backends;
using Fastdist.Proxy.Counters;
using Fastdist.Proxy.InFlight;

namespace Fastdist.Proxy.Shards;

/// <summary>Queries that are sent over UDP, where each may be lost, and what does not fit there.</summary>
internal sealed partial class Dispatcher
{
    /// <summary>A datagram came from a backend.</summary>
    /// <param name="number">Its socket.</param>
    /// <param name="message">The datagram.</param>
    /// <param name="isCut">Whether its end is missing.</param>
    public void DatagramReceived(int number, ReadOnlySpan<byte> message, bool isCut)
    {
        DatagramSocket socket = _backends.Sockets[number];
        Backend backend = _backends[socket.Slot];
        if (backend.Datagrams!.TryTake(socket, message, out ReceivedAnswer answer))
        {
            // What waits for a word of it hears that it works before its next query goes out.
            backend.Hear();
            Answered(answer.Entry, Leg.OnSocket(number, Header.Id(message)), backend, message, isCut);
            TakeNews();
        }
    }

    /// <summary>The network said that a backend cannot be reached.</summary>
    public void DatagramFailed(int number, int errno)
    {
        Backend backend = _backends[_backends.Sockets[number].Slot];
        backend.Datagrams!.Failed(errno);
        backend.Hear();
        TakeNews();
    }

    private void Answered(int index, Leg leg, Backend backend, ReadOnlySpan<byte> message, bool isCut)
    {
        ref InFlightEntry entry = ref _table[index];
        Release(leg);
        TakeAnswered(ref entry, leg);
        if (!entry.IsPinned && (isCut || (Header.IsTruncated(message) && entry.AnswerLimit > _shard.Options.UdpMaxSize)))
        {
            AskOverStream(index, backend);
        }
        else
        {
            Answered(index, backend, message);
        }
    }

    /// <summary>What is cut for us need not be for a client that can take it whole: the backend is asked again, over TCP.</summary>
    private void AskOverStream(int index, Backend backend)
    {
        ref InFlightEntry entry = ref _table[index];
        backend.Counters.TruncatedResponses++;
        AbandonLegs(ref entry);
        Forget(index);
        entry.Notes |= QueryNotes.NeedsStream;
        if (!backend.TryAssign(index, isResent: true))
        {
            Resend(index, backend);
        }
    }

    /// <summary>A query no longer waits for what it was sent under.</summary>
    private void Release(Leg leg)
    {
        Backend home = _backends.HomeOf(leg);
        home.Datagrams!.Release(leg);
        home.LegEnded();
    }

    /// <summary>A query is not sent again over UDP.</summary>
    private void Forget(int index)
    {
        if (Reminders.Hold(in _table[index]))
        {
            _backends[Reminders.BackendOf(in _table[index])].Datagrams!.Reminders.Remove(index);
        }
    }

    /// <summary>Sends again what was sent over UDP and is not answered.</summary>
    private void AskDatagramsAgain(Backend backend)
    {
        if (backend.Datagrams is not { } datagrams)
        {
            return;
        }

        AskLostAgain(datagrams);
        int looked = 0;
        for (int list = 0; list < Reminders.Count; list++)
        {
            while (looked++ < MostLookedAt && datagrams.TryGetDue(list, out int index))
            {
                AskDatagramAgain(index, backend, datagrams);
            }
        }
    }

    /// <summary>
    /// After a moment in which a backend answered nothing, what it owes from before was lost: it is sent again at once and to the backend itself, which
    /// answers now, as many as a tick has time for.
    /// </summary>
    private void AskLostAgain(DatagramExchange datagrams)
    {
        if (!datagrams.Standing.HasLostInHole(out long before))
        {
            return;
        }

        int sent = 0;
        foreach (int index in datagrams.Reminders)
        {
            if (sent == MostLookedAt)
            {
                break;
            }

            if (datagrams.WasSentBefore(index, before) && !IsChange(index))
            {
                sent++;
                Repeat(index, datagrams.Remind(index));
            }
        }

        if (sent < MostLookedAt)
        {
            datagrams.Standing.ForgetHole();
        }
    }

    /// <summary>Sends a query again, elsewhere where it was not yet, and has it wait for longer than before; not into a hole, and within the budget.</summary>
    private void AskDatagramAgain(int index, Backend backend, DatagramExchange datagrams)
    {
        ref InFlightEntry entry = ref _table[index];
        Backend? other = FindOther(in entry, backend);
        if (IsChange(index) || !(entry.IsPinned || MayAskAgain(backend, datagrams, isElsewhere: other is not null)))
        {
            datagrams.PutOff(index);
            return;
        }

        int times = datagrams.Remind(index);
        if (other is null || !TryHedge(index, other))
        {
            Repeat(index, times);
        }
    }

    /// <summary>What is sent again into a hole would be lost there, too, so it takes nothing of the budget.</summary>
    private static bool MayAskAgain(Backend backend, DatagramExchange datagrams, bool isElsewhere) =>
        !isElsewhere && datagrams.Standing.IsInHole ? datagrams.Standing.TryProbe() : backend.MayAskAgain();

    private void Repeat(int index, int times)
    {
        Leg leg = LegToRepeat(in _table[index], times);
        _backends.HomeOf(leg).Datagrams!.Repeat(leg, index);
    }

    /// <summary>What the network cannot take to a backend, or it is silent about, is asked elsewhere at once; who is silent may be slow, so within the budget.</summary>
    private void DatagramsFailed(Backend backend, BackendFailure failure)
    {
        int looked = 0;
        foreach (int index in backend.Datagrams!.Reminders)
        {
            if (looked++ == MostLookedAt)
            {
                break;
            }

            DatagramFailed(index, backend, failure);
        }
    }

    private void DatagramFailed(int index, Backend backend, BackendFailure failure)
    {
        ref InFlightEntry entry = ref _table[index];
        if (!entry.IsPinned && !IsChange(index) && FindOther(in entry, backend) is { } other)
        {
            _ = backend.MayAskAgain() && TryHedge(index, other);
        }
        else if (entry.IsPinned && failure.Kind == HealthCheckFailure.Network)
        {
            Fail(index, FailureKind.BackendFailed, failure);
        }
    }

    /// <summary>Another backend to ask, where only one was asked.</summary>
    private Backend? FindOther(in InFlightEntry entry, Backend asked) =>
        entry.IsPinned || entry.Second.IsUsed ? null : PoolOf(in entry).FindRoom(in entry, asked);

    /// <summary>Of two datagrams that are not answered each is sent again in its turn, unless its backend is known not to answer.</summary>
    private Leg LegToRepeat(in InFlightEntry entry, int times)
    {
        if (!entry.First.IsDatagram || !entry.Second.IsDatagram)
        {
            return entry.First.IsDatagram ? entry.First : entry.Second;
        }

        bool isFirst = IsAnswering(entry.First) == IsAnswering(entry.Second) ? times % 2 == 0 : IsAnswering(entry.First);
        return isFirst ? entry.First : entry.Second;
    }

    private bool IsAnswering(Leg leg) => _backends.HomeOf(leg).Board.Datagrams == ConnectionStanding.Working;
}
