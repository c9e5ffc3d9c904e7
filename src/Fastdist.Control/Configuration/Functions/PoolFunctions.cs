using System.Collections.Generic;
using System.Linq;
using Fastdist.Control.Configuration.Language;
using Fastdist.Control.Configuration.Objects;
using Fastdist.Lua;
using Fastdist.Settings;
using Fastdist.Settings.Tables;

namespace Fastdist.Control.Configuration.Functions;

/// <summary>Pools, and how servers are chosen in them.</summary>
internal static class PoolFunctions
{
    /// <summary>All of them.</summary>
    public static readonly IReadOnlyList<Function> All =
    [
        new Function("getPool", "name", "a pool, which is made where there is none", static (script, arguments) => GetPool(script, PoolNames.Read(arguments.String(0, "name")))) { Least = 1, Most = 1 },
        new Function("getPoolNames", "", "the names of all pools; that of the default pool is empty", static (script, _) => LuaValue.Of([.. script.Draft.PoolNames.Select(LuaValue.Of)])),
        new Function("getPoolServers", "pool", "the servers of a pool", static (script, arguments) =>
        {
            string pool = arguments.String(0, "pool");
            return LuaValue.Of([.. script.Draft.Servers.Where(server => server.Options.Pools.Contains(pool)).Select(ServerObject.Of)]);
        }) { Least = 1, Most = 1 },
        Function.Doing("setServerPolicy", "policy", "choose servers in this way where a pool has none of its own", 1, 1, static (script, arguments) =>
        {
            PolicyKind policy = arguments.Policy(0);
            script.Draft.ChangeProxy(proxy => proxy with { Policy = policy });
        }),
        Function.Doing("setPoolServerPolicy", "policy, pool", "choose the servers of a pool in a way of its own", 2, 2, static (script, arguments) =>
        {
            PolicyKind policy = arguments.Policy(0);
            script.Draft.SetUpPool(PoolNames.Read(arguments.String(1, "pool")), options => options with { Policy = policy });
        }),
        Balancing("setWeightedBalancingFactor", "times its share by weight that a server may have with wrandom and whashed, at least 1; 0 is no limit", static (balancing, text) => balancing with { WeightedFactor = Values.BalancingFactor(text) }),
        Balancing("setConsistentHashingBalancingFactor", "the same with chashed", static (balancing, text) => balancing with { ConsistentHashingFactor = Values.BalancingFactor(text) }),
        Balancing("setWHashedPerturbation", "the number that whashed begins to hash with", static (balancing, text) => balancing with { WHashedPerturbation = Values.Unsigned(text) }),
        Balancing("setWHashedPertubation", "the same, by its older name", static (balancing, text) => balancing with { WHashedPerturbation = Values.Unsigned(text) }),
        Function.Doing("setServFailWhenNoServer", "boolean", "answer SERVFAIL when a pool has no server that is up, or give no answer", 1, 1, static (script, arguments) =>
        {
            bool answers = arguments.Boolean(0, "boolean");
            script.Draft.ChangeProxy(proxy => proxy with { ServFailWhenNoServer = answers });
        }),
    ];

    private static LuaValue GetPool(Script script, string name)
    {
        script.Draft.HavePool(name);
        return PoolObject.Of(name);
    }

    private static Function Balancing(string name, string help, System.Func<BalancingOptions, string, BalancingOptions> change) =>
        Function.Doing(name, "number", help, 1, 1, (script, arguments) =>
        {
            BalancingOptions changed = change(script.Draft.Settings.Proxy.Balancing, arguments.String(0, "number"));
            script.Draft.ChangeProxy(proxy => proxy with { Balancing = changed });
        });
}
