using System;
using System.Linq;
using Fastdist.Proxy.Frontends;
using Fastdist.Settings;
using Fastdist.Tls;

namespace Fastdist.Proxy.Tests.Frontends;

/// <summary>Frontends of a single shard.</summary>
internal static class TestFrontends
{
    /// <summary>Those of settings, by their order, in the pools that have their numbers from the start.</summary>
    /// <param name="options">The settings.</param>
    /// <param name="tls">What each presents.</param>
    public static FrontendSet Of(ProxyOptions options, Func<FrontendOptions, TlsContext?> tls)
    {
        var set = new FrontendSet();
        int[] pools = options.PoolsOfFrontends();
        foreach ((int number, FrontendOptions frontend) in options.Frontends.Index())
        {
            set.Add(new Frontend(new SharedFrontend(number, frontend, shards: 1), shard: 0, pools[number], tls(frontend)));
        }

        return set;
    }

    /// <summary>One in the clear.</summary>
    public static FrontendSet Plain() => Of(ClientBench.With(ClientBench.Plain), static _ => null);
}
