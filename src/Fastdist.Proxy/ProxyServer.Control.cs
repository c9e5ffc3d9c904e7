using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Fastdist.Proxy.Frontends;
using Fastdist.Proxy.Machines;
using Fastdist.Proxy.Shards;
using Fastdist.Proxy.Views;
using Fastdist.Ring;
using Fastdist.Settings;
using Fastdist.Tls;
using Fastdist.Tls.Tickets;

namespace Fastdist.Proxy;

/// <summary>What an operator may have changed while the proxy runs, from any thread, one change at a time.</summary>
public sealed partial class ProxyServer
{
    private readonly List<Action<Shard>> _together = [];
    private bool _isTogether;
    private volatile NetmaskSet _acl = NetmaskSet.Default;

    /// <summary>Clients that are served.</summary>
    public NetmaskSet Acl
    {
        get => _acl;
        private set => _acl = value;
    }

    /// <summary>Serves other clients from now on. Connections that are open stay.</summary>
    public void SetAcl(NetmaskSet acl)
    {
        lock (_control)
        {
            Use(acl);
        }
    }

    private void Use(NetmaskSet acl)
    {
        Acl = acl;
        PostToAll(shard => shard.SetAcl(acl));
        _log.AclChanged(string.Join(", ", acl.Networks));
    }

    /// <summary>Makes a new random ticket key the active one, for every frontend that shares them.</summary>
    /// <returns>False, with the reason, when the frontend's keys are not ours to choose.</returns>
    public bool TryRotateTicketKeys(FrontendView frontend, out string error) => TryUseTicketKeys(frontend, "ticket keys rotated", out error, keys => keys.Rotate());

    /// <summary>Puts the ticket keys of a file on top of those in use, the last one active, for every frontend that shares them.</summary>
    /// <returns>False, with the reason, when the file cannot be used.</returns>
    public bool TryLoadTicketKeys(FrontendView frontend, string file, out string error) =>
        TryLoadTicketKeys(frontend, $"ticket keys loaded from {file}", out error, () => TicketKeyFile.Read(file));

    /// <summary>Puts a ticket key on top of those in use, as the active one, for every frontend that shares them.</summary>
    /// <returns>False, with the reason, when it cannot be used.</returns>
    public bool TryLoadTicketKey(FrontendView frontend, byte[] key, out string error) =>
        TryLoadTicketKeys(frontend, "a ticket key loaded", out error, () => TicketKeyFile.Of(key));

    private bool TryLoadTicketKeys(FrontendView frontend, string what, out string error, Func<TicketKeyFile> load)
    {
        try
        {
            TicketKeyFile loaded = load();
            return TryUseTicketKeys(frontend, what, out error, keys => keys.Load(loaded));
        }
        catch (TlsConfigurationException exception)
        {
            error = exception.Message;
            return false;
        }
    }

    /// <summary>How the ticket keys of a frontend stand; null when it has no tickets.</summary>
    public TicketKeyStatus? TicketKeysOf(FrontendView frontend)
    {
        lock (_control)
        {
            return _tickets.SourceOf(frontend.Options)?.Status;
        }
    }

    private bool TryUseTicketKeys(FrontendView frontend, string what, out string error, Action<TicketKeySource> change)
    {
        lock (_control)
        {
            if (_tickets.SourceOf(frontend.Options) is not { } keys)
            {
                error = $"{frontend.Address} gives no tickets";
                return false;
            }

            try
            {
                change(keys);
            }
            catch (TlsConfigurationException exception)
            {
                error = exception.Message;
                return false;
            }

            foreach (string warning in keys.Warnings)
            {
                _log.TicketKeysDoubtful(warning);
            }

            error = "";
            _log.TicketKeysChanged(frontend.Address, what);
            return true;
        }
    }

    /// <summary>Files of a reload, the console and the web server need descriptors too, and cannot ask the shards for them.</summary>
    /// <returns>Whether they are there.</returns>
    private bool KeepDescriptors()
    {
        const int Kept = 8;
        if (Descriptors.Probe(Kept) is not 0 and int errno)
        {
            _complaints.NoDescriptor(ShardClock.Read(), errno);
            PostToAll(static shard => shard.MakeRoom());
            return false;
        }

        return true;
    }

    /// <summary>Whoever is about to read files waits a moment for clients to make room; without clients there is nobody to wait for.</summary>
    private void AwaitDescriptors()
    {
        const int MostTries = 25;
        const int TryMilliseconds = 20;
        for (int tries = 0; tries < MostTries && !KeepDescriptors(); tries++)
        {
            Thread.Sleep(TryMilliseconds);
        }
    }

    /// <summary>Has every shard change something, after what it was to change before.</summary>
    private void PostToAll(Action<Shard> change)
    {
        if (_isTogether)
        {
            _together.Add(change);
            return;
        }

        // None runs when the settings are only checked.
        foreach (Shard? shard in _shards)
        {
            shard?.Post(new Message(MessageKind.Change, Change: change));
        }
    }

    /// <summary>Has every shard change something that nothing else depends on, from any thread.</summary>
    /// <returns>False when one has no room for mail.</returns>
    private bool TryPostToAll(Action<Shard> change)
    {
        bool areTold = true;
        foreach (Shard? shard in _shards)
        {
            areTold &= shard?.Post(new Message(MessageKind.Change, Change: change)) != false;
        }

        return areTold;
    }

    /// <summary>Has every shard make several changes between the same two turns, so that no query sees some of them and not the others.</summary>
    /// <returns>Is over once every shard has made them.</returns>
    private Task PostTogether(Action post)
    {
        _isTogether = true;
        post();
        _isTogether = false;
        Action<Shard>[] changes = [.. _together];
        _together.Clear();
        TaskCompletionSource[] made = [.. _shards.Select(_ => new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously))];
        PostToAll(shard =>
        {
            Array.ForEach(changes, change => change(shard));
            made[shard.Context.Id].SetResult();
        });
        return Task.WhenAll(made.Select(static one => one.Task));
    }
}
