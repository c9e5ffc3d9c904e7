using System;
using Fastdist.Proxy.Frontends;

namespace Fastdist.Proxy.Shards;

/// <summary>The end of a shard: take in what is there, answer it, leave.</summary>
internal sealed partial class Shard
{
    /// <summary>Under constant traffic a UDP socket is never empty; after this long it is left.</summary>
    private const long DrainMicroseconds = 200_000;

    /// <summary>Has the shard stop accepting, answer what is in flight, and end.</summary>
    public void Stop()
    {
        _stopRequested = true;
        _mailbox.Wake();
    }

    /// <summary>Whether it was stopped and has nothing left to do, or no time left to do it in.</summary>
    public bool IsDone()
    {
        bool finished = !_draining && Array.TrueForAll(_frontends.All, static frontend => frontend.OpenListeners == 0) && _context.Table.Count == 0 && _tcp.Count == 0;
        return _stopping && (finished || _context.Clock.Now >= _stopBy);
    }

    /// <summary>Leaves: it gets no further turn.</summary>
    public void End()
    {
        // The last answers were queued in the last turn; one more hands them to the kernel.
        _udp.SendDue(long.MaxValue);
        _context.Ring.Turn(1, 0);
        SayGoodbye();
        _mailbox.Close();
        DropMail();
        _context.Ring.Dispose();
        _context.Descriptors.Dispose();
    }

    /// <summary>Gives its memory back; it has ended, and nobody looks at it any more.</summary>
    public void Dispose()
    {
        Array.ForEach(_backends.All, static backend => backend.Dispose());
        _tcp.Dispose();
        Array.ForEach(_frontends.All, static frontend => frontend.Dispose());
        _backends.Connections.Dispose();
        _context.Table.Dispose();
        _started.Dispose();
    }

    /// <summary>Ends the TLS sessions that are left in order: those to backends, and those of clients that time ran out for.</summary>
    private void SayGoodbye()
    {
        Array.ForEach(_backends.All, static backend => backend.SayGoodbye());
        _tcp.SayGoodbye();
    }

    private void DropMail()
    {
        while (_mailbox.TryTake(out Message message))
        {
            if (message.Kind == MessageKind.Adopt)
            {
                _context.Machine.Close(message.Descriptor);
            }
        }
    }

    private void BeginStop()
    {
        if (_stopping)
        {
            return;
        }

        _stopping = _draining = true;
        _stopBy = _context.Clock.Now + (_context.Options.ShutdownTimeout * 1000L);
        _drainBy = _context.Clock.Now + DrainMicroseconds;
        foreach (Frontend frontend in _frontends.All)
        {
            if (!frontend.IsLeaving)
            {
                CloseListeners(frontend);
            }
        }

        _datagrams = 0;
        _context.NextTick = _context.Clock.Now + BusyTickMicroseconds;
    }

    /// <summary>Takes in what the sockets still hold, then only finishes what is in flight.</summary>
    private void ContinueStop()
    {
        if (_draining && (_datagrams == 0 || _context.Clock.Now >= _drainBy))
        {
            _draining = false;
            Array.ForEach(_frontends.All, frontend => frontend.DatagramSockets.ForEach(_context.Ring.StopReceiving));
        }

        _datagrams = 0;
        _tcp.FinishAll();
    }
}
