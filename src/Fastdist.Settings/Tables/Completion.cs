using System.Linq;
using System.Net;

namespace Fastdist.Settings.Tables;

/// <summary>What makes settings that were written option by option whole, and finds what only makes no sense together.</summary>
public static class Completion
{
    extension(ProcessOptions settings)
    {
        /// <summary>Settles defaults that depend on the machine, and checks what only makes sense together.</summary>
        /// <param name="processors">Processors the process may use.</param>
        /// <exception cref="OptionException">Something does not; there is a line for each.</exception>
        public ProcessOptions Complete(int processors)
        {
            var problems = new Problems();
            ProcessOptions whole = settings.Complete(processors, problems);
            problems.ThrowIfAny();
            return whole;
        }

        /// <summary>Settles defaults that depend on the machine, and notes what makes no sense together.</summary>
        /// <param name="processors">Processors the process may use.</param>
        /// <param name="problems">Told of it; when it was told of something before, a flag that is missing may have been that.</param>
        public ProcessOptions Complete(int processors, Problems problems)
        {
            ProxyOptions proxy = settings.Proxy;
            if (proxy.Backends.Count == 0 && settings.ConfigurationFile.Length == 0 && !problems.Any)
            {
                problems.Add("no backend: add --server ADDR[:PORT],subjectName=NAME, or -C FILE");
            }

            if (proxy.Frontends.Count == 0)
            {
                // dnsdist's own default.
                proxy = proxy with { Frontends = [new FrontendOptions { Address = new IPEndPoint(IPAddress.Loopback, 53) }] };
            }

            proxy = proxy.Shards == 0 ? proxy with { Shards = processors } : proxy;
            (string, EndPoint?)[] operators = [("--control-socket", settings.Console.ControlSocket), ("--webserver", settings.Web.Address)];
            problems.Add(ListenerConflicts.Find(proxy.Frontends, operators).Distinct());
            CheckBackends(proxy, problems);
            CheckPools(proxy, problems);
            CheckLimits(proxy.ClientLimits, problems);
            NetmaskSet acl = problems.Try(() => Values.Networks("--acl", settings.Acl, proxy.Acl), proxy.Acl);
            return settings with { Proxy = proxy with { Acl = acl } };
        }
    }

    private static void CheckBackends(ProxyOptions proxy, Problems problems)
    {
        foreach (BackendOptions backend in proxy.Backends)
        {
            if (backend.ProblemWith(proxy.Shards) is { Length: > 0 } problem)
            {
                problems.Add($"{backend.Flag}: {problem}");
            }
        }

        if (proxy.Backends.Count > ProxyOptions.MostBackends)
        {
            problems.Add($"--server was given {proxy.Backends.Count} times; {ProxyOptions.MostBackends} are the most");
        }

        problems.Add(proxy.Backends.GroupBy(b => b.Name).Where(g => g.Count() > 1).Select(g => $"two servers are called '{g.Key}': give each a name="));
    }

    private static void CheckPools(ProxyOptions proxy, Problems problems)
    {
        problems.Add(proxy.Pools.GroupBy(p => p.Name).Where(g => g.Count() > 1).Select(g => $"--pool {g.Key} is given twice: leave one of them out"));
        problems.Add(CacheFlags.ProblemWith(proxy) is { Length: > 0 } problem ? [problem] : []);
        if (proxy.AllPools.Count is > ProxyOptions.MostPools and int count)
        {
            problems.Add($"there are {count} pools, the default one included; {ProxyOptions.MostPools} are the most");
        }
    }

    private static void CheckLimits(ClientLimitOptions limits, Problems problems)
    {
        if (limits.MaskV4Port > 0 && limits.MaskV4 < 32)
        {
            problems.Add(
                $"--tcp-connections-mask-v4-port {limits.MaskV4Port}: ports tell clients apart behind one address, so not with --tcp-connections-mask-v4 {limits.MaskV4}: leave that at 32");
        }
    }
}
