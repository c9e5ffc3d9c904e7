using System;
using System.Collections.Generic;
using System.ComponentModel;
using System.Linq;
using Fastdist.Proxy.Frontends;
using Fastdist.Proxy.Machines;
using Fastdist.Ring;
using Fastdist.Settings;
using Microsoft.Extensions.Logging;

namespace Fastdist.Proxy.Shards;

/// <summary>
/// The sockets of all frontends: bound at the start, one of each kind for every shard, and bound anew when the interface that they
/// depend on was deleted and made again, which to the kernel is another one. The control thread's.
/// </summary>
internal sealed class FrontendSockets(ProxyOptions options, ILogger log)
{
    private readonly List<TiedPlace> _tied = [];

    /// <summary>Binds all of them.</summary>
    /// <exception cref="Win32Exception">Some cannot be; the message has a line for each.</exception>
    public ShardSockets[] Bind()
    {
        EnsureUnused();
        ShardSockets[] sockets = [.. Enumerable.Range(0, options.Shards).Select(_ => new ShardSockets())];
        for (int frontend = 0; frontend < options.Frontends.Count; frontend++)
        {
            FrontendOptions settings = options.Frontends[frontend];
            foreach (LocalPlace place in settings.Places(options.FreeBind))
            {
                if (place.TiedTo.Length > 0)
                {
                    _tied.Add(new TiedPlace(settings, place, sockets[0].Listeners.Count, settings.HasDatagrams ? sockets[0].Datagrams.Count : -1));
                }

                foreach (ShardSockets shard in sockets)
                {
                    SocketPair pair = Open(settings, place, isFirst: shard == sockets[0]);
                    shard.Listeners.Add((pair.Listener, frontend));
                    if (settings.HasDatagrams)
                    {
                        shard.Datagrams.Add((pair.Datagram, frontend));
                    }
                }
            }
        }

        return sockets;
    }

    /// <summary>Binds again what depends on an interface that is another one by now.</summary>
    /// <param name="post">Has a shard change something; false when it is gone.</param>
    public void Maintain(Func<int, Action<Shard>, bool> post)
    {
        foreach (TiedPlace tied in _tied)
        {
            uint index = NetworkInterfaces.IndexOf(tied.Place.TiedTo);
            if (index == tied.Index)
            {
                continue;
            }

            if (index == 0)
            {
                SayGone(tied);
            }
            else
            {
                TryBindAgain(tied, index, post);
            }
        }
    }

    /// <summary>Looks at all before the first is bound, as our own sockets would be in the way of the look.</summary>
    private void EnsureUnused()
    {
        var problems = new List<string>();
        foreach (FrontendOptions frontend in options.Frontends)
        {
            foreach (LocalPlace place in frontend.Places(options.FreeBind))
            {
                try
                {
                    Sockets.EnsureUnused(place, frontend.HasDatagrams);
                }
                catch (Win32Exception exception)
                {
                    problems.Add($"{frontend.Flag}: {exception.Message}");
                }
            }
        }

        if (problems.Count > 0)
        {
            throw new Win32Exception(0, string.Join('\n', problems));
        }
    }

    private SocketPair Open(FrontendOptions frontend, LocalPlace place, bool isFirst)
    {
        try
        {
            int listener = Sockets.Listen(place, frontend.TcpListenQueueSize, frontend.TcpFastOpenQueueSize, options.TcpFastOpenKey);
            return new SocketPair(listener, frontend.HasDatagrams ? OpenDatagram(place, listener, isFirst) : -1);
        }
        catch (Win32Exception exception)
        {
            throw new Win32Exception(exception.NativeErrorCode, $"{frontend.Flag}: {exception.Message}");
        }
    }

    private int OpenDatagram(LocalPlace place, int listener, bool isFirst)
    {
        try
        {
            int descriptor = Sockets.BindDatagram(place, options.UdpBuffers, out int granted);
            if (isFirst && granted < options.UdpReceiveBuffer)
            {
                log.ReceiveBufferSmall($"{place}", granted, options.UdpReceiveBuffer);
            }

            return descriptor;
        }
        catch
        {
            Sockets.Close(listener);
            throw;
        }
    }

    private void SayGone(TiedPlace tied)
    {
        if (!tied.IsGone)
        {
            tied.IsGone = true;
            log.InterfaceGone(tied.Frontend.Flag, tied.Place.TiedTo, $"{tied.Place}");
        }
    }

    /// <summary>All shards get new sockets or none does, and then the next second tries again.</summary>
    private void TryBindAgain(TiedPlace tied, uint index, Func<int, Action<Shard>, bool> post)
    {
        var pairs = new List<SocketPair>();
        try
        {
            Sockets.EnsureUnused(tied.Place, tied.Frontend.HasDatagrams);
            while (pairs.Count < options.Shards)
            {
                pairs.Add(Open(tied.Frontend, tied.Place, isFirst: false));
            }
        }
        catch (Win32Exception exception)
        {
            pairs.ForEach(static pair => pair.Close());
            if (tied.Complaint != exception.Message)
            {
                tied.Complaint = exception.Message;
                log.CannotBindAgain(tied.Place.TiedTo, exception.Message);
            }

            return;
        }

        (tied.Index, tied.IsGone, tied.Complaint) = (index, false, "");
        for (int shard = 0; shard < pairs.Count; shard++)
        {
            SocketPair pair = pairs[shard];
            if (!post(shard, s => s.ReplaceSockets(tied.Listener, pair.Listener, tied.Datagram, pair.Datagram)))
            {
                pair.Close();
            }
        }

        log.BoundAgain(tied.Frontend.Flag, tied.Place.TiedTo, $"{tied.Place}");
    }

    /// <summary>The sockets of one address on one shard; no datagram socket is -1.</summary>
    private readonly record struct SocketPair(int Listener, int Datagram)
    {
        public void Close()
        {
            Sockets.Close(Listener);
            if (Datagram >= 0)
            {
                Sockets.Close(Datagram);
            }
        }
    }

    /// <summary>An address that depends on an interface.</summary>
    /// <param name="frontend">Whose it is.</param>
    /// <param name="place">Where.</param>
    /// <param name="listener">Position of its listener among each shard's.</param>
    /// <param name="datagram">Position of its datagram socket; -1 for none.</param>
    private sealed class TiedPlace(FrontendOptions frontend, LocalPlace place, int listener, int datagram)
    {
        public FrontendOptions Frontend => frontend;

        public LocalPlace Place => place;

        public int Listener => listener;

        public int Datagram => datagram;

        /// <summary>The interface's number when the sockets were bound.</summary>
        public uint Index { get; set; } = NetworkInterfaces.IndexOf(place.TiedTo);

        /// <summary>Whether it was said that the interface is gone.</summary>
        public bool IsGone { get; set; }

        /// <summary>Why the sockets could not be bound again, as it was said.</summary>
        public string Complaint { get; set; } = "";
    }
}
