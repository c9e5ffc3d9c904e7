using System;

namespace Fastdist.Simulation.Models;

/// <summary>The ways a connection ends at the backend, and what is looked at then.</summary>
internal sealed partial class BackendSession
{
    /// <summary>Ends the connection.</summary>
    public void End(CloseStyle style)
    {
        if (EndedAt > 0)
        {
            return;
        }

        world.Note("end", backend.Number, number);
        EndedAt = world.Now;
        HasReset = style == CloseStyle.Abruptly || socket.Received.Length > 0;
        Prove(true);
        if (HasReset || !Plan.IsSound)
        {
            backend.Breaks.Add(world.Now);
        }

        if (_channel.Waiting > 0)
        {
            // The proxy stood still for so long that there was no room for answers, which are lost now.
            backend.Blame();
        }

        if (IsFaulty)
        {
            backend.EndFault();
        }

        NoteUnread();
        backend.Forget(this);
        switch (style)
        {
            case CloseStyle.Abruptly:
                socket.Abort();
                break;
            case CloseStyle.Politely:
                _channel.SayGoodbye();

                // Whoever is polite reads to the end, so that nothing of its answers is overtaken by a reset.
                socket.Shut();
                world.After(1_000_000, socket.CloseQuietly);
                break;
            default:
                if (backend.Health == BackendHealth.Up && world.Random.Next(2) == 0)
                {
                    _channel.SayGoodbye();
                }

                socket.Close();
                break;
        }

        if (socket.HasLostBytes)
        {
            backend.Blame();
        }

        tls?.Dispose();
    }

    /// <summary>The proxy ends no connection to a sound backend that owes it answers.</summary>
    private void CheckFarewell()
    {
        const long AnyFault = 6_000_000;
        if (!world.IsStopping && world.StoppedFor == 0 && backend.IsSoundSince(world.Now - AnyFault))
        {
            Ask? owed = _asks.Find(static a => a.IsOwed && a.Query.Fate == Fate.Pending);
            world.Require(owed is null, $"the proxy ended a connection that owed an answer: {owed?.Query}");
        }

        _asks.Clear();
    }

    /// <summary>What its machine received and its program did not read may look, from afar, as if it had been the cause of the end.</summary>
    private void NoteUnread()
    {
        byte[] unread = _channel.Peek();
        for (int at = 0; Messages.ReadFrame(unread.AsSpan(at), out ReadOnlySpan<byte> message) is > 0 and int length; at += length)
        {
            world.Ledger.Find(message)?.Asks.Add(new StreamAsk(this, world.Ledger.Find(message)!, _channel.SentAt, world.Now, Answers) { IsUnread = true });
        }
    }

    private void WatchIdle()
    {
        if (Plan.IdleTimeout > 0)
        {
            world.At(_activeAt + Plan.IdleTimeout, () =>
            {
                if (EndedAt == 0 && world.Now - _activeAt >= Plan.IdleTimeout)
                {
                    End(Plan.Close);
                }
                else if (EndedAt == 0)
                {
                    WatchIdle();
                }
            });
        }
    }
}
