using Fastdist.Proxy.Frontends;
using Fastdist.Proxy.Machines;
using Fastdist.Settings;
using Fastdist.Tls;

namespace Fastdist.Proxy.Shards;

/// <summary>Frontends of a shard, which come and go between two turns.</summary>
internal sealed partial class Shard
{
    /// <summary>Takes in a frontend, and what is asked of it from now on.</summary>
    /// <param name="shared">What all shards share of it.</param>
    /// <param name="sockets">Its bound sockets, this shard's from now on.</param>
    /// <param name="context">What it presents; null where it speaks plain TCP.</param>
    /// <param name="pool">Number of the pool that its queries go to.</param>
    public void AddFrontend(SharedFrontend shared, ShardSockets sockets, TlsContext? context, int pool)
    {
        var frontend = new Frontend(shared, _context.Id, pool, context);
        _frontends.Add(frontend);
        _tcp.Add(frontend);
        if (_stopping)
        {
            sockets.Listeners.ForEach(_context.Machine.Close);
            sockets.Datagrams.ForEach(_context.Machine.Close);
            return;
        }

        foreach (int descriptor in sockets.Datagrams)
        {
            int socket = _context.Ring.AddDatagramSocket(descriptor, frontend.Number);
            frontend.DatagramSockets.Add(socket);
            _udp.Add(socket, _context.Machine.GetLocal(descriptor));
        }

        foreach (int descriptor in sockets.Listeners)
        {
            frontend.Listeners.Add(_context.Ring.AddListener(descriptor, frontend.Number));
            frontend.OpenListeners++;
        }
    }

    /// <summary>Has a frontend go by other settings; its sockets and clients stay.</summary>
    /// <param name="shared">What all shards share of it.</param>
    /// <param name="options">The settings, of the same addresses and protocol.</param>
    /// <param name="pool">Number of the pool that its queries go to.</param>
    public void Edit(SharedFrontend shared, FrontendOptions options, int pool)
    {
        Frontend frontend = _frontends[shared.Slot];
        bool isResized = (options.TcpListenQueueSize, options.TcpFastOpenQueueSize) != (frontend.Options.TcpListenQueueSize, frontend.Options.TcpFastOpenQueueSize);
        frontend.Edit(options, pool);
        if (isResized && !_stopping)
        {
            frontend.Listeners.ForEach(listener => _context.Ring.Resize(listener, options.TcpListenQueueSize, options.TcpFastOpenQueueSize));
        }
    }

    /// <summary>New connections of a frontend are presented other certificates.</summary>
    public void Present(SharedFrontend shared, TlsContext context) => _frontends[shared.Slot].Present(context);

    /// <summary>Lets a frontend go: nothing new is taken, what was asked is answered, connections end in order.</summary>
    public void RemoveFrontend(SharedFrontend shared)
    {
        Frontend frontend = _frontends[shared.Slot];
        if (frontend.IsLeaving)
        {
            return;
        }

        frontend.IsLeaving = true;
        CloseListeners(frontend);
        foreach (int socket in frontend.DatagramSockets)
        {
            if (!_context.Ring.TurnAway(socket))
            {
                _context.Ring.StopReceiving(socket);
            }
        }

        _context.TickWithin(BusyTickMicroseconds);
    }

    /// <summary>An address is listened on by other sockets, as its interface is another one.</summary>
    /// <param name="shared">Whose address.</param>
    /// <param name="place">Which of its addresses, from 0.</param>
    /// <param name="listener">The new listener's descriptor.</param>
    /// <param name="datagram">The new datagram socket's; -1 for none.</param>
    public void ReplaceSockets(SharedFrontend shared, int place, int listener, int datagram)
    {
        if (_stopping || _frontends.Find(shared.Slot) is not { IsLeaving: false } frontend)
        {
            _context.Machine.Close(listener);
            if (datagram >= 0)
            {
                _context.Machine.Close(datagram);
            }

            return;
        }

        _context.Ring.ReplaceListener(frontend.Listeners[place], listener);
        if (datagram >= 0)
        {
            _context.Ring.ReplaceDatagramSocket(frontend.DatagramSockets[place], datagram);
        }
    }

    private void CloseListeners(Frontend frontend) => frontend.Listeners.ForEach(_context.Ring.CloseListener);

    /// <summary>Goes on ending the frontends that are leaving, and forgets those that have left.</summary>
    private void LetFrontendsGo()
    {
        foreach (Frontend frontend in _frontends.All)
        {
            if (!frontend.IsLeaving)
            {
                continue;
            }

            _tcp.FinishLeaving();
            if (frontend.AreDatagramsOver())
            {
                frontend.DatagramSockets.ForEach(_context.Ring.CloseDatagramSocket);
                frontend.DatagramSockets.Clear();
            }

            if (frontend.HasLeft)
            {
                _frontends.Remove(frontend);
                frontend.Dispose();
                frontend.Shared.ShardLeft();
            }
        }
    }
}
