using System;
using System.Collections.Generic;
using Fastdist.Dns;
using Fastdist.Simulation.Network;
using Fastdist.Simulation.Tls;

namespace Fastdist.Simulation.Models;

/// <summary>A connection as the backend's process sees it.</summary>
internal sealed partial class BackendSession(World world, SimBackend backend, SimSocket socket, SimTlsSession? tls, int number) : ISocketOwner
{
    /// <summary>Microseconds that are later than any query's deadline.</summary>
    public const long Late = 8_000_000;

    private readonly Channel _channel = new(socket, tls);
    private readonly List<Ask> _asks = [];
    private readonly int _luck = world.Random.Next();
    private bool _isBusy;

    /// <summary>Its handshake may still go wrong.</summary>
    private bool _isUnproven;
    private int _taken;

    /// <summary>Queries that it has done with, answered or not.</summary>
    private int _served;
    private long _activeAt;

    public SimBackend Backend => backend;

    public int Number => number;

    /// <summary>Answers that were sent.</summary>
    public int Answers { get; private set; }

    /// <summary>When it ended; 0 before.</summary>
    public long EndedAt { get; private set; }

    /// <summary>By when its last answer had reached the proxy, and what was sent before that its program.</summary>
    public long QuietSince { get; private set; }

    /// <summary>Whether it ended with a reset, which may overtake its last answers.</summary>
    public bool HasReset { get; private set; }

    /// <summary>Whether it answers nothing any more.</summary>
    public bool IsFaulty { get; private set; }

    private BackendPlan Plan => backend.Plan;

    /// <summary>Answers after which it is closed; 0 for no end.</summary>
    private int MostAnswers => !Plan.AnswersVary || Plan.AnswersPerConnection == 0 ? Plan.AnswersPerConnection : 1 + (_luck % ((2 * Plan.AnswersPerConnection) - 1));

    /// <summary>Whether it takes no more than it has.</summary>
    private bool IsFull => Plan.Close == CloseStyle.Politely && MostAnswers > 0 && _taken >= MostAnswers;

    /// <summary>The process accepts it.</summary>
    public void Begin()
    {
        socket.Owner = this;
        _activeAt = world.Now;
        if (world.Random.Next(1000) < Plan.ClosesAtOnce)
        {
            backend.Blame();
            world.After(world.Random.NextInt64(2000), () => End((CloseStyle)world.Random.Next(3)));
        }
        else if (world.Random.Next(1000) < Plan.SilentConnections)
        {
            FallSilent();
        }

        if (tls is not null && Plan.IsRudeAtTls)
        {
            _isUnproven = true;
            backend.BeginFault();
        }

        WatchIdle();
    }

    public void Readable(SimSocket from)
    {
        if (EndedAt == 0)
        {
            Read();
            Prove(_channel.IsOpen);
        }
    }

    public void Writable(SimSocket from)
    {
        if (socket.IsReset)
        {
            End(CloseStyle.AtOnce);
        }
        else if (EndedAt == 0)
        {
            _channel.Flush();
        }
    }

    /// <summary>The process goes on after it stood still.</summary>
    public void GoOn() => Readable(socket);

    private void Prove(bool isProven)
    {
        if (_isUnproven && isProven)
        {
            _isUnproven = false;
            backend.EndFault();
        }
    }

    private void Read()
    {
        while (EndedAt == 0 && backend.Health == BackendHealth.Up && !_isBusy && !IsFull)
        {
            int length = Messages.ReadFrame(_channel.Plain.Span, out ReadOnlySpan<byte> message);
            if (length > 0)
            {
                byte[] query = message.ToArray();
                _channel.Plain.Drop(length);
                _activeAt = world.Now;
                Take(query);
            }
            else if (!_channel.Fill(ReadSize()))
            {
                if (_channel.IsOver)
                {
                    CheckFarewell();
                    End(CloseStyle.AtOnce);
                }

                return;
            }
        }
    }

    /// <summary>A program with a thread a connection reads a message, the others all that there is.</summary>
    private int ReadSize() => !Plan.IsSerial || tls is not null ? int.MaxValue
        : _channel.Plain.Length < Messages.Prefix ? Messages.Prefix - _channel.Plain.Length
        : Messages.Missing(_channel.Plain.Span);

    private void Take(byte[] query)
    {
        _taken++;
        SimQuery? known = world.Ledger.Find(query);
        world.Note("query", backend.Number, known?.Number ?? -1);
        Ask? ask = known is null ? null : new StreamAsk(this, known, _channel.SentAt, world.Now, Answers);
        if (ask is not null)
        {
            backend.Queries++;
            world.Require(Messages.IsIntact(query, known!), $"a backend read something else than was asked: {known}");
            world.Ledger.Asked(known!, ask);
            _asks.RemoveAll(static a => a.IsAnswered || a.IsRefused);
            _asks.Add(ask);
        }

        if (known?.Kind == NameKind.Poison)
        {
            backend.Poison();
            return;
        }

        if (known is not null && Plan.ClosesOnQueries)
        {
            End(Plan.Close);
            return;
        }

        if (IsFaulty || (known?.Kind == NameKind.Lost && Plan.LosesNames))
        {
            Swallow(ask);
            EndIfServed();
            return;
        }

        if (known is not null && Plan.RefusesOptions && Messages.HasOpt(query))
        {
            // Whoever asks with EDNS hears it; the others must not.
            known.WasRefused |= known.HasEdns;
            known.Asks[^1].IsAnswered |= known.HasEdns;
            known.Asks[^1].IsRefused |= !known.HasEdns;
            CountAnswer();
            Send(Messages.Frame(Messages.WithoutOpt(query, Rcode.FormErr)));
            EndIfServed();
            return;
        }

        _isBusy = Plan.IsSerial;
        long delay = Plan.Delay.Least + world.Random.NextInt64(Plan.Delay.Most - Plan.Delay.Least + 1);
        Misdeed misdeed = Plan.Draw(world.Random);
        if (misdeed == Misdeed.AnswerLate)
        {
            delay += Late;
            _isBusy = false;
            Swallow(ask);
        }

        world.After(delay, () => Answer(query, known, ask, misdeed));
    }

    private void Answer(byte[] query, SimQuery? known, Ask? ask, Misdeed misdeed)
    {
        if (EndedAt > 0)
        {
            return;
        }

        if (backend.Health != BackendHealth.Up)
        {
            // It stands still, or its answers reach nobody; the machine's TCP sends them again later.
            world.After(10_000, () => Answer(query, known, ask, misdeed));
            return;
        }

        _isBusy = false;
        Do(query, known, ask, misdeed);
        EndIfServed();
        Readable(socket);
    }

    private void EndIfServed()
    {
        if (EndedAt == 0 && MostAnswers > 0 && _served >= MostAnswers)
        {
            End(Plan.Close);
        }
    }

    private void Reply(Ask? ask, byte[] answer)
    {
        CountAnswer();
        if (ask is not null)
        {
            ask.IsAnswered = true;
        }

        Send(Messages.Frame(answer));
    }

    private void Send(ReadOnlySpan<byte> bytes)
    {
        _activeAt = world.Now;
        _channel.Write(bytes);
    }

    private void CountAnswer()
    {
        const long Reading = 1000;
        Answers++;
        _served++;
        QuietSince = world.Now + (4 * world.Latency) + Reading + world.StoppedFor;
    }
}
