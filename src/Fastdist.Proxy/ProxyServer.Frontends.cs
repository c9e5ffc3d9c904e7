using System;
using System.Collections.Generic;
using System.Linq;
using Fastdist.Proxy.Frontends;
using Fastdist.Proxy.Machines;
using Fastdist.Proxy.Views;
using Fastdist.Settings;
using Fastdist.Tls;
using Microsoft.Extensions.Logging.Abstractions;

namespace Fastdist.Proxy;

/// <summary>Frontends, which may come and go while the proxy runs.</summary>
public sealed partial class ProxyServer
{
    private readonly FrontendRoster _frontends = new();

    /// <summary>The contexts that the shards have of each frontend that speaks TLS.</summary>
    private readonly Dictionary<SharedFrontend, TlsServerContext[]> _presented = [];

    /// <summary>Every frontend, once for each protocol that it speaks, in the order of the configuration.</summary>
    public IReadOnlyList<FrontendView> Frontends => _frontends.Views;

    /// <summary>
    /// What sums are over: besides <see cref="Frontends"/> those that were removed and still have clients and, as one for each protocol, those
    /// that are gone.
    /// </summary>
    public IReadOnlyList<FrontendView> CountedFrontends => _frontends.Counted;

    private void AddConfiguredFrontends()
    {
        IReadOnlyDictionary<TicketKeyOptions, TicketKeySource> tickets = _tickets.Prepare(_options.Frontends);
        _tickets.Keep(tickets);
        SharedFrontend[] frontends = [.. _options.Frontends.Select((options, slot) => new SharedFrontend(slot, options, _shards.Length))];
        foreach (SharedFrontend frontend in frontends.Where(static f => f.Options.Tls is not null))
        {
            Keep(frontend, _frontendTls.Load(frontend.Options, _tickets.SourceOf(frontend.Options), stored: null));
        }

        _frontends.Arrange(frontends);
    }

    /// <summary>What was loaded is what a frontend presents from now on, once the shards have it.</summary>
    private void Keep(SharedFrontend frontend, FrontendContexts contexts)
    {
        _frontendTls.Keep(frontend, contexts);
        _presented[frontend] = contexts.OfShards;
    }

    /// <summary>Has the shards answer what comes to frontends.</summary>
    /// <param name="frontends">The frontends, which have their contexts.</param>
    /// <param name="sockets">For each those of each shard.</param>
    private void Open(SharedFrontend[] frontends, ShardSockets[][] sockets)
    {
        for (int i = 0; i < frontends.Length; i++)
        {
            SharedFrontend frontend = frontends[i];
            int pool = _pools.NumberOf(frontend.Options.Pool);
            (ShardSockets[] ofShards, TlsServerContext[]? contexts) = (sockets[i], _presented.GetValueOrDefault(frontend));
            _sockets.Add(frontend);
            PostToAll(shard => shard.AddFrontend(frontend, ofShards[shard.Context.Id], contexts?[shard.Context.Id], pool));
        }
    }

    /// <summary>Has new connections of a frontend be presented what was loaded.</summary>
    private void Present(SharedFrontend frontend, FrontendContexts contexts)
    {
        Keep(frontend, contexts);
        PostToAll(shard => shard.Present(frontend, contexts.OfShards[shard.Context.Id]));
    }

    /// <summary>Has the shards let a frontend go that is on the list no longer.</summary>
    private void Close(SharedFrontend frontend)
    {
        // Its contexts are the shards' to free, once its last session has ended.
        _presented.Remove(frontend);
        _frontendTls.Forget(frontend);
        _sockets.Remove(frontend);
        PostToAll(shard => shard.RemoveFrontend(frontend));
        _log.FrontendChanged(frontend.Options.Flag, "is answered no longer; its clients end once they have their answers");
    }

    /// <summary>Drops the frontends whose TLS cannot be set up, where the operator wants that.</summary>
    private FrontendOptions[] LeaveOutUnusable(IEnumerable<FrontendOptions> frontends) =>
        [.. frontends.Where(frontend => frontend.Tls is not { IgnoreConfigurationErrors: true } || IsUsable(frontend))];

    private bool IsUsable(FrontendOptions frontend)
    {
        try
        {
            // Who is kept is loaded again with the rest, and its warnings are logged then.
            var tickets = new TicketKeys(TimeProvider.System, NullLogger.Instance);
            tickets.Keep(tickets.Prepare([frontend]));
            using var trial = new FrontendTls(shards: 1, _keyLogs, NullLogger.Instance);
            trial.Load(frontend, tickets.SourceOf(frontend), stored: null).Discard();
            return true;
        }
        catch (TlsConfigurationException exception)
        {
            _log.FrontendLeftOut(exception.Message);
            return false;
        }
    }
}
