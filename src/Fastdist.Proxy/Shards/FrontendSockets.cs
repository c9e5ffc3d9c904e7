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
/// The sockets of frontends: bound one of each kind for every shard, and bound anew when the interface that they
/// depend on was deleted and made again, which to the kernel is another one. Used by one thread at a time.
/// </summary>
internal sealed class FrontendSockets(ProxyOptions options, ILogger log)
{
    private readonly List<TiedPlace> _tied = [];

    /// <summary>Binds those of some frontends: all of them, or none.</summary>
    /// <param name="frontends">Settings of the frontends.</param>
    /// <param name="held">Settings of those that sockets of this process are bound for already.</param>
    /// <returns>For each frontend those of each shard.</returns>
    /// <exception cref="Win32Exception">Some cannot be; the message has a line for each.</exception>
    public ShardSockets[][] Bind(IReadOnlyList<FrontendOptions> frontends, IReadOnlyList<FrontendOptions> held)
    {
        EnsureUnused(frontends, [.. held.SelectMany(frontend => frontend.Places(options.FreeBind))]);
        ShardSockets[][] sockets = [.. frontends.Select(_ => (ShardSockets[])[.. Enumerable.Range(0, options.Shards).Select(_ => new ShardSockets())])];
        try
        {
            for (int i = 0; i < sockets.Length; i++)
            {
                Bind(frontends[i], sockets[i]);
            }

            return sockets;
        }
        catch
        {
            Close(sockets.SelectMany(static ofShards => ofShards));
            throw;
        }
    }

    /// <summary>Closes sockets that nobody came to use.</summary>
    public static void Close(IEnumerable<ShardSockets> sockets)
    {
        foreach (int descriptor in sockets.SelectMany(static one => one.Listeners.Concat(one.Datagrams)))
        {
            Sockets.Close(descriptor);
        }
    }

    /// <summary>Looks after the sockets of a frontend from now on, where they depend on an interface.</summary>
    public void Add(SharedFrontend frontend) => _tied.AddRange(
        frontend.Options.Places(options.FreeBind).Select((place, number) => new TiedPlace(frontend, place, number)).Where(static tied => tied.Place.TiedTo.Length > 0));

    /// <summary>Looks after those of a frontend no longer.</summary>
    public void Remove(SharedFrontend frontend) => _tied.RemoveAll(tied => tied.Shared == frontend);

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

    private void Bind(FrontendOptions frontend, ShardSockets[] sockets)
    {
        foreach (LocalPlace place in frontend.Places(options.FreeBind))
        {
            foreach (ShardSockets shard in sockets)
            {
                SocketPair pair = Open(frontend, place, isFirst: shard == sockets[0]);
                shard.Listeners.Add(pair.Listener);
                if (frontend.HasDatagrams)
                {
                    shard.Datagrams.Add(pair.Datagram);
                }
            }
        }
    }

    /// <summary>Looks at all before the first is bound, as our own sockets would be in the way of the look.</summary>
    private void EnsureUnused(IEnumerable<FrontendOptions> frontends, LocalPlace[] held)
    {
        var problems = new List<Win32Exception>();
        foreach (FrontendOptions frontend in frontends)
        {
            foreach (LocalPlace place in frontend.Places(options.FreeBind).Where(place => !Array.Exists(held, other => other.Overlaps(place))))
            {
                try
                {
                    Sockets.EnsureUnused(place, frontend.HasDatagrams);
                }
                catch (Win32Exception exception)
                {
                    problems.Add(new Win32Exception(exception.NativeErrorCode, $"{frontend.Flag}: {exception.Message}"));
                }
            }
        }

        if (problems.Count > 0)
        {
            throw new Win32Exception(problems[0].NativeErrorCode, string.Join('\n', problems.Select(static problem => problem.Message)));
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
            if (!post(shard, s => s.ReplaceSockets(tied.Shared, tied.Number, pair.Listener, pair.Datagram)))
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
    /// <param name="number">Which of the frontend's addresses, from 0.</param>
    private sealed class TiedPlace(SharedFrontend frontend, LocalPlace place, int number)
    {
        public SharedFrontend Shared => frontend;

        public FrontendOptions Frontend => frontend.Options;

        public LocalPlace Place => place;

        public int Number => number;

        /// <summary>The interface's number when the sockets were bound.</summary>
        public uint Index { get; set; } = NetworkInterfaces.IndexOf(place.TiedTo);

        /// <summary>Whether it was said that the interface is gone.</summary>
        public bool IsGone { get; set; }

        /// <summary>Why the sockets could not be bound again, as it was said.</summary>
        public string Complaint { get; set; } = "";
    }
}
