using System.Collections.Generic;
using System.Linq;
using Fastdist.Settings;

namespace Fastdist.Proxy;

/// <summary>What a running process cannot have otherwise: threads, memory that is shared out and sockets that are bound go by it.</summary>
internal static class FixedSettings
{
    /// <summary>A line for each setting that would have to change.</summary>
    public static IEnumerable<string> Problems(ProxyOptions present, ProxyOptions next)
    {
        (string Flag, object Now, object Wanted)[] settings =
        [
            ("shards", present.Shards, next.Shards),
            ("io", present.Io, next.Io),
            ("free-bind", present.FreeBind, next.FreeBind),
            ("max-turn", present.MaxTurn, next.MaxTurn),
            ("max-in-flight", present.MaxInFlight, next.MaxInFlight),
            ("udp-receive-buffer", present.UdpReceiveBuffer, next.UdpReceiveBuffer),
            ("udp-max-size", present.UdpMaxSize, next.UdpMaxSize),
            ("forward-updates", present.ForwardUpdates, next.ForwardUpdates),
            ("forward-resolver-arpa", present.ForwardResolverArpa, next.ForwardResolverArpa),
            ("max-handshake-time", present.MaxHandshakeTime, next.MaxHandshakeTime),
            ("ecs-source-prefix-v4", present.EcsSourcePrefixV4, next.EcsSourcePrefixV4),
            ("ecs-source-prefix-v6", present.EcsSourcePrefixV6, next.EcsSourcePrefixV6),
            ("ecs-override", present.EcsOverride, next.EcsOverride),
            ("outgoing-tls-sessions-cache-max-tickets-per-backend", present.OutgoingTlsSessionsMaxTickets, next.OutgoingTlsSessionsMaxTickets),
            ("outgoing-tls-sessions-cache-max-ticket-validity", present.OutgoingTlsSessionsMaxTicketValidity, next.OutgoingTlsSessionsMaxTicketValidity),
            ("outgoing-tls-sessions-cache-cleanup-delay", present.OutgoingTlsSessionsCleanupDelay, next.OutgoingTlsSessionsCleanupDelay),
            ("max-tcp-connections and the limits of each client", present.ClientLimits, next.ClientLimits),
        ];
        return settings.Where(setting => !setting.Now.Equals(setting.Wanted))
            .Select(setting => $"--{setting.Flag} is {setting.Now} until the process is restarted, and cannot become {setting.Wanted} before")
            .Concat(AreSame(present.Frontends, next.Frontends) ? [] : ["the addresses to answer on are what they are until the process is restarted"]);
    }

    private static bool AreSame(IReadOnlyList<FrontendOptions> present, IReadOnlyList<FrontendOptions> next) =>
        present.Count == next.Count && present.Zip(next).All(pair => pair.First == pair.Second.With(pair.First));
}
