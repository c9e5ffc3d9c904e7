using System;
using System.Collections.Generic;
using System.Linq;
using Fastdist.Cache;
using Fastdist.Control.Commands.Tables;
using Fastdist.Control.Secrets;
using Fastdist.Proxy;
using Fastdist.Proxy.Counters;
using Fastdist.Proxy.Frontends;
using Fastdist.Proxy.Views;
using Fastdist.Settings;
using Fastdist.Settings.Rules;
using Fastdist.Settings.Tables;

namespace Fastdist.Control.Commands;

/// <summary>
/// What an operator can look at and have done: one method a command, with plain arguments, whatever language it is written
/// in. What cannot be done throws a <see cref="CommandException"/>.
/// </summary>
internal sealed class Operator(IProxyControl proxy, OperatorServices services)
{
    public string Version => services.Version;

    public string ShowTcpStats() => TcpStatsTable.Print(proxy.Shards, proxy.Frontends, proxy.Backends);

    public string ShowTlsErrorCounters() => TlsErrorTable.Print(proxy.Frontends);

    public string ShowServers(bool showIds) => ServerTable.Print(proxy.Backends, services.Rates, showIds);

    public string ShowPools() => PoolTable.Print(proxy.Pools);

    public string ShowServerPolicy() => $"{PolicyNames.Of(proxy.Policy)}\n";

    public string ShowPoolServerPolicy(string pool) => $"{PolicyNames.Of(Pool(pool).Policy)}\n";

    public string ShowBinds() => FrontendTables.PrintBinds(proxy.Frontends);

    public string ShowTlsFrontends() => FrontendTables.PrintTicketKeys([.. FrontendsOf("DoT").Select(f => (f, KeysOf(f)))]);

    public string ShowVersion() => $"fastdist {services.Version}\n";

    public string ShowResponseLatency() => LatencyPlot.Print(LatencyHistogram.SumOf(proxy.CountedFrontends.Select(f => f.Latency())));

    public string DumpStats() => StatisticsTable.Print(proxy.Statistics().Select(s => (s.Name, s.Text)));

    public IReadOnlyList<Statistic> Statistics() => proxy.Statistics();

    /// <param name="index">From 0, as showBinds lists them.</param>
    public FrontendView Bind(long index)
    {
        IReadOnlyList<FrontendView> frontends = proxy.Frontends;
        return index >= 0 && index < frontends.Count ? frontends[(int)index] : throw new CommandException($"there is no frontend {index}: {Range(frontends.Count, "showBinds()")}");
    }

    public int CountBinds() => proxy.Frontends.Count;

    /// <param name="protocol">DoT or DoH.</param>
    public int CountFrontends(string protocol) => FrontendsOf(protocol).Count;

    /// <param name="protocol">DoT or DoH.</param>
    /// <param name="index">From 0, among those of the protocol.</param>
    public FrontendView Frontend(string protocol, long index)
    {
        IReadOnlyList<FrontendView> frontends = FrontendsOf(protocol);
        return index >= 0 && index < frontends.Count
            ? frontends[(int)index]
            : throw new CommandException($"there is no {protocol} frontend {index}: {Range(frontends.Count, "showBinds()")}");
    }

    /// <summary>The server of an id; null when it was removed.</summary>
    public BackendView? Server(Guid id) => proxy.Backends.FirstOrDefault(server => server.Id == id);

    public PoolView Pool(string name)
    {
        IReadOnlyList<PoolView> pools = proxy.Pools;
        return pools.FirstOrDefault(pool => pool.Name == name)
            ?? throw new CommandException($"No pool named {name}{Nearest.Suggest(name, pools.Select(pool => pool.Name))}");
    }

    /// <summary>The time of the caches' clock, seconds.</summary>
    public uint CacheNow => proxy.CacheNow;

    /// <summary>The packet cache of a number and settings; null when no pool has it.</summary>
    public PacketCache? Cache(CacheOptions options) => proxy.Pools.Select(static pool => pool.Cache).OfType<PacketCache>().FirstOrDefault(cache => options.With(cache.Options) == cache.Options);

    public void SetMode(BackendView server, HealthCheckMode mode) => Require(proxy.SetMode(server, mode), $"the server '{server.Name}' was removed before");

    /// <summary>The mean time to an answer lately, milliseconds, to the microsecond.</summary>
    public double LatencyOf(BackendView server) => Math.Round(services.Rates.Of(server).LatencyMilliseconds, 3);

    public void ReloadAllCertificates() => Require(proxy.TryReload(out string error), error);

    public void ReloadCertificates(FrontendView frontend) => Require(proxy.TryReload(frontend, out string error), error);

    public void RotateTicketKeys(FrontendView frontend) => Require(proxy.TryRotateTicketKeys(frontend, out string error), error);

    public void LoadTicketKey(FrontendView frontend, byte[] key) => Require(proxy.TryLoadTicketKey(frontend, key, out string error), error);

    public void LoadTicketKey(byte[] key)
    {
        foreach (FrontendView frontend in proxy.Frontends.Where(f => f.Options.Tls is not null))
        {
            LoadTicketKey(frontend, key);
        }
    }

    public void LoadTicketKeys(FrontendView frontend, string file) => Require(proxy.TryLoadTicketKeys(frontend, file, out string error), error);

    /// <summary>The scrypt hash of a password, with a salt of its own.</summary>
    public static string HashPassword(string password) => PasswordHash.Hash(password);

    /// <summary>A new random key for consoles, as the line that a configuration of dnsdist takes.</summary>
    public static string MakeKey() => SharedKey.MakeKey();

    /// <param name="rules">As they are numbered.</param>
    /// <param name="showIds">Whether UUIDs are shown.</param>
    /// <param name="width">Characters that selectors are cut to; null for as many as they have.</param>
    public static string PrintRules(IReadOnlyList<Rule> rules, bool showIds, int? width) => RuleTable.Print(rules, showIds, width);

    /// <summary>Who is blocked for a time, and by what.</summary>
    public DynamicBlocks Blocks => proxy.Blocks;

    public string ShowBlocks() => BlockListing.Print(proxy.Blocks);

    public void ReloadConfiguration() => services.ReloadConfiguration();

    public void Shutdown() => services.Shutdown();

    private static string Range(int count, string where) => count == 0 ? "there are none" : $"there are {count}, from 0; see {where}";

    private static void Require(bool isDone, string error)
    {
        if (!isDone)
        {
            throw new CommandException(error);
        }
    }

    private TicketKeyStatus KeysOf(FrontendView frontend) => proxy.TicketKeysOf(frontend) ?? new TicketKeyStatus(0, 0, null);

    private List<FrontendView> FrontendsOf(string protocol) => [.. proxy.Frontends.Where(f => f.Protocol == protocol)];
}
