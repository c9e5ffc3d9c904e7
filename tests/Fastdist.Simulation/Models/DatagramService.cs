using System.Collections.Generic;
using Fastdist.Dns;
using Fastdist.Ring;
using Fastdist.Simulation.Network;

namespace Fastdist.Simulation.Models;

/// <summary>What a backend's machine and process do with datagrams.</summary>
internal sealed class DatagramService(World world, SimBackend backend)
{
    /// <summary>Datagrams that the machine keeps for a process that does not read.</summary>
    private const int Capacity = 300;

    private readonly Queue<(SimDatagramSocket From, byte[] Query, long SentAt)> _unread = new();

    /// <summary>Grows by one when what the process was about to do is done no more.</summary>
    private int _life;

    private BackendPlan Plan => backend.Plan;

    /// <summary>A datagram arrives.</summary>
    public void Receive(SimDatagramSocket from, byte[] query, long sentAt)
    {
        switch (backend.Health)
        {
            case BackendHealth.Up:
                Take(from, query, sentAt);
                break;
            case BackendHealth.Dead:
                Miss(world.Ledger.Find(query));
                world.Carry(() => from.ArriveError(Errno.ConnectionRefused), static () => { });
                break;
            default:
                Miss(world.Ledger.Find(query));
                if (backend.Health == BackendHealth.Frozen && _unread.Count < Capacity)
                {
                    // It may still read it, later than anybody waits for.
                    _unread.Enqueue((from, query, sentAt));
                }

                break;
        }
    }

    /// <summary>A query does not arrive, or is not read.</summary>
    /// <param name="query">Which; null for a health check, which may take the backend down.</param>
    public void Miss(SimQuery? query)
    {
        backend.Swallow();
        if (query is null)
        {
            backend.Blame();
        }
        else
        {
            query.Asks.Add(new Ask(backend, query, world.Now, world.Now) { IsUnread = true, IsLost = true });
        }
    }

    /// <summary>The process is gone.</summary>
    public void Die()
    {
        _life++;
        _unread.Clear();
    }

    /// <summary>The process goes on.</summary>
    public void GoOn()
    {
        while (_unread.TryDequeue(out (SimDatagramSocket From, byte[] Query, long SentAt) datagram))
        {
            Receive(datagram.From, datagram.Query, datagram.SentAt);
        }
    }

    private void Take(SimDatagramSocket from, byte[] query, long sentAt)
    {
        SimQuery? known = world.Ledger.Find(query);
        world.Note("datagram", backend.Number, known?.Number ?? -1);
        world.Require(Messages.RoomFor(query) <= world.Options.UdpMaxSize || known is null, $"a backend was told of room for {Messages.RoomFor(query)} bytes: {known}");
        Ask? ask = known is null ? null : new Ask(backend, known, sentAt, world.Now);
        if (ask is not null)
        {
            backend.Queries++;
            world.Require(Messages.IsIntact(query, known!), $"a backend read something else than was asked: {known}");
            world.Ledger.Asked(known!, ask);
        }

        if (known?.Kind == NameKind.Poison)
        {
            backend.Poison();
        }
        else if (known?.Kind == NameKind.Lost && Plan.LosesNames)
        {
            Swallow(ask);
        }
        else if (known is not null && Plan.RefusesOptions && Messages.HasOpt(query))
        {
            // Whoever asks with EDNS hears it; the others must not.
            ask!.IsRefused = !known.HasEdns;
            Reply(from, ask, Messages.WithoutOpt(query, Rcode.FormErr));
        }
        else
        {
            AnswerLater(from, query, ask);
        }
    }

    private void AnswerLater(SimDatagramSocket from, byte[] query, Ask? ask)
    {
        long delay = Plan.Delay.Least + world.Random.NextInt64(Plan.Delay.Most - Plan.Delay.Least + 1);
        Misdeed misdeed = Plan.Draw(world.Random);
        if (misdeed == Misdeed.AnswerLate)
        {
            delay += BackendSession.Late;
        }

        if (delay > backend.Options.Deadline * 1000L)
        {
            Swallow(ask);
        }

        int life = _life;
        world.After(delay, () => Answer(from, query, ask, misdeed, life));
    }

    private void Answer(SimDatagramSocket from, byte[] query, Ask? ask, Misdeed misdeed, int life)
    {
        if (life != _life || backend.Health is BackendHealth.Dead or BackendHealth.BlackHole)
        {
            Swallow(ask);
        }
        else if (backend.Health == BackendHealth.Frozen)
        {
            world.After(10_000, () => Answer(from, query, ask, misdeed, life));
        }
        else
        {
            Do(from, query, ask, misdeed);
        }
    }

    private void Do(SimDatagramSocket from, byte[] query, Ask? ask, Misdeed misdeed)
    {
        switch (misdeed)
        {
            case Misdeed.None or Misdeed.AnswerLate:
                Reply(from, ask, AnswerTo(query, ask));
                break;
            case Misdeed.AnswerTwice:
                Reply(from, ask, AnswerTo(query, ask));
                Reply(from, ask, AnswerTo(query, ask));
                break;
            case Misdeed.ServFail:
                backend.Blame();
                Reply(from, ask, backend.Answer(query, ask?.Query, Rcode.ServFail));
                break;
            case Misdeed.WrongId:
                byte[] other = Messages.Answer(query, Rcode.NoError);
                Messages.ChangeId(other, 1 + world.Random.Next(65535));
                Mislead(from, ask, other);
                break;
            case Misdeed.WrongQuestion:
                byte[] strange = Messages.Answer(query, Rcode.NoError);
                Messages.ChangeQuestion(strange);
                Mislead(from, ask, strange);
                break;
            case Misdeed.CutHeader:
                Mislead(from, ask, query[..world.Random.Next(Header.Size)]);
                break;
            case Misdeed.Garbage:
                var garbage = new byte[world.Random.Next(200)];
                world.Random.NextBytes(garbage);
                Mislead(from, ask, garbage);
                break;
            default:
                Swallow(ask);
                break;
        }
    }

    /// <summary>The answer as far as there is room for it.</summary>
    private byte[] AnswerTo(byte[] query, Ask? ask)
    {
        byte[] whole = backend.Answer(query, ask?.Query);
        bool isCut = (whole.Length > Messages.RoomFor(query) && !Plan.IgnoresRoom) || (ask is not null && world.Random.Next(1000) < Plan.Truncates);
        return isCut ? Messages.Truncate(query) : whole;
    }

    private void Reply(SimDatagramSocket from, Ask? ask, byte[] answer)
    {
        if (world.Random.Next(1000) < Plan.StrayAnswers)
        {
            Swallow(ask);
            world.Carry(() => from.Arrive(SocketAddress.From([192, 0, 2, 254], 53), answer), static () => { });
            return;
        }

        if (ask is not null)
        {
            ask.IsAnswered |= !ask.IsRefused;
            ask.Query.WasRefused |= !ask.IsRefused && Header.Rcode(answer) != Rcode.NoError;
        }

        world.Carry(() => Arrive(from, ask, answer), () => Swallow(ask));
    }

    private void Mislead(SimDatagramSocket from, Ask? ask, byte[] answer)
    {
        Swallow(ask);
        world.Carry(() => from.Arrive(backend.Address, answer), static () => { });
    }

    private void Arrive(SimDatagramSocket from, Ask? ask, byte[] answer)
    {
        if (ask is { ArrivedAt: 0 })
        {
            ask.ArrivedAt = world.Now;
        }

        from.Arrive(backend.Address, answer);
    }

    private void Swallow(Ask? ask)
    {
        backend.Swallow();
        if (ask is not null)
        {
            ask.IsLost = true;
        }
        else
        {
            backend.Blame();
        }
    }
}
