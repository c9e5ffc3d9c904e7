using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Threading;
using Fastdist.Control.Commands.Syntax;
using Fastdist.Control.Commands.Tables;
using Fastdist.Control.Secrets;
using Fastdist.Proxy.Counters;
using Fastdist.Proxy.Frontends;
using Fastdist.Proxy.Views;
using Fastdist.Settings;
using Fastdist.Settings.Tables;

namespace Fastdist.Control.Commands;

/// <summary>
/// What an operator can look at and have done: one method a command, with plain arguments, so that any syntax can be put
/// before it. What cannot be done throws a <see cref="CommandException"/>.
/// </summary>
internal sealed class Operator(IProxyControl proxy, OperatorServices services)
{
    // Commands may run beside one that takes long, and one more network is one more than there were.
    private readonly Lock _acl = new();

    public string Version => services.Version;

    public string ShowTcpStats() => TcpStatsTable.Print(proxy.Shards, proxy.Frontends, proxy.Backends);

    public string ShowTlsErrorCounters() => TlsErrorTable.Print(proxy.Frontends);

    public string ShowServers(bool showIds) => ServerTable.Print(proxy.Backends, services.Rates, showIds);

    public string ShowPools() => PoolTable.Print(proxy.Pools);

    public string ShowServerPolicy() => $"{PolicyNames.Of(proxy.Policy)}\n";

    public string ShowPoolServerPolicy(string pool) => $"{PolicyNames.Of(Pool(pool).Policy)}\n";

    public IReadOnlyList<string> PoolNamesInUse() => [.. proxy.Pools.Select(pool => pool.Name)];

    public string ShowBinds() => FrontendTables.PrintBinds(proxy.Frontends);

    public string ShowTlsFrontends() => FrontendTables.PrintTicketKeys([.. FrontendsOf("DoT").Select(f => (f, KeysOf(f)))]);

    public string ShowAcl() => string.Concat(proxy.Acl.Networks.Select(network => $"{network}\n"));

    public string ShowVersion() => $"fastdist {services.Version}\n";

    public string ShowResponseLatency() => LatencyPlot.Print(LatencyHistogram.SumOf(proxy.CountedFrontends.Select(f => f.Latency())));

    public string DumpStats() => StatisticsTable.Print(proxy.Statistics().Select(s => (s.Name, s.Text)));

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

    public BackendView Server(long index)
    {
        IReadOnlyList<BackendView> backends = proxy.Backends;
        return index >= 0 && index < backends.Count
            ? backends[(int)index]
            : throw new CommandException($"there is no server {index}: {Range(backends.Count, "showServers()")}");
    }

    /// <param name="nameOrId">Its name, or its UUID as showServers prints it.</param>
    public BackendView Server(string nameOrId)
    {
        IReadOnlyList<BackendView> backends = proxy.Backends;
        bool isId = Guid.TryParse(nameOrId, CultureInfo.InvariantCulture, out Guid id);
        return backends.FirstOrDefault(b => b.Name == nameOrId || (isId && b.Id == id))
            ?? throw new CommandException($"no server has the name or UUID '{nameOrId}'{Nearest.Suggest(nameOrId, backends.Select(b => b.Name))}");
    }

    public PoolView Pool(string name)
    {
        IReadOnlyList<PoolView> pools = proxy.Pools;
        return pools.FirstOrDefault(pool => pool.Name == name)
            ?? throw new CommandException($"No pool named {name}{Nearest.Suggest(name, pools.Select(pool => pool.Name))}");
    }

    public void AddPool(BackendView server, string pool) => Require(proxy.TryJoinPool(server, ReadPool(pool), out string error), error);

    public void RemovePool(BackendView server, string pool) => Require(proxy.TryPartPool(server, pool, out string error), error);

    public void SetPolicy(PolicyKind policy) => proxy.SetPolicy(policy);

    public void SetPoolPolicy(PolicyKind policy, string pool) => Require(proxy.TrySetPolicy(ReadPool(pool), policy, out string error), error);

    /// <param name="options">As <c>--server</c> knows them, the address among them.</param>
    public BackendView NewServer(IReadOnlyList<(string Key, string Value)> options) =>
        proxy.TryAddBackend(BackendOptionTable.Read(options), out BackendView? server, out string error) ? server : throw new CommandException(error);

    public void RemoveServer(BackendView server) => Require(proxy.RemoveBackend(server), $"the server '{server.Name}' was removed before");

    public void SetMode(BackendView server, HealthCheckMode mode) => Require(proxy.SetMode(server, mode), $"the server '{server.Name}' was removed before");

    /// <summary>The mean time to an answer lately, milliseconds, to the microsecond.</summary>
    public double LatencyOf(BackendView server) => Math.Round(services.Rates.Of(server).LatencyMilliseconds, 3);

    public void AddAcl(string network)
    {
        NetmaskSet added = ReadNetworks([network]);
        lock (_acl)
        {
            proxy.Acl = proxy.Acl.Union(added);
        }
    }

    public void SetAcl(IReadOnlyList<string> networks)
    {
        NetmaskSet set = ReadNetworks(networks);
        lock (_acl)
        {
            proxy.Acl = set;
        }
    }

    public void ReloadAllCertificates() => Require(proxy.TryReload(out string error), error);

    public void ReloadCertificates(FrontendView frontend) => Require(proxy.TryReload(frontend, out string error), error);

    public void RotateTicketKeys(FrontendView frontend) => Require(proxy.TryRotateTicketKeys(frontend, out string error), error);

    public void LoadTicketKeys(FrontendView frontend, string file) => Require(proxy.TryLoadTicketKeys(frontend, file, out string error), error);

    /// <summary>The scrypt hash of a password, with a salt of its own.</summary>
    public static string HashPassword(string password) => PasswordHash.Hash(password);

    /// <summary>A new random key for consoles, as the line that a configuration of dnsdist takes.</summary>
    public static string MakeKey() => SharedKey.MakeKey();

    public void Shutdown() => services.Shutdown();

    private static NetmaskSet ReadNetworks(IReadOnlyList<string> networks) =>
        NetmaskSet.TryParse(networks, out NetmaskSet set, out string offending)
            ? set
            : throw new CommandException($"'{offending}' is no network: expected one such as 192.0.2.0/24 or 2001:db8::/32");

    private static string ReadPool(string text)
    {
        try
        {
            return PoolNames.Read(text);
        }
        catch (FormatException exception)
        {
            throw new CommandException(exception.Message);
        }
    }

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
