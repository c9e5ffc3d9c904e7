using System.Collections.Generic;
using Fastdist.Control.Configuration.Language;
using static Fastdist.Control.Configuration.Functions.AccessFunctions;

namespace Fastdist.Control.Configuration.Functions;

/// <summary>Limits for clients, and times.</summary>
internal static class TuningFunctions
{
    /// <summary>All of them.</summary>
    public static readonly IReadOnlyList<Function> All =
    [
        Setting("setMaxTCPConnectionsPerClient", "connections of one client; 0 is no limit", "max-tcp-connections-per-client"),
        Setting("setMaxTCPQueriesPerConnection", "queries after which a client connection is closed; 0 is no limit", "max-tcp-queries-per-connection"),
        Setting("setMaxTCPConnectionDuration", "seconds after which a client connection is closed; 0 is no limit", "max-tcp-connection-duration"),
        Setting("setTCPRecvTimeout", "seconds from a query's first byte to its last", "tcp-recv-timeout"),
        Setting("setTCPSendTimeout", "seconds in which a client may take no byte of its answers", "tcp-send-timeout"),
        Setting("setMaxTCPReadIOsPerQuery", "reads that one query may take", "max-tcp-read-ios-per-query"),
        Setting("setMaxTCPConnectionRatePerClient", "connections a second of one client; 0 is no limit", "max-tcp-connection-rate-per-client"),
        Setting("setMaxTLSNewSessionRatePerClient", "full handshakes a second of one client; 0 is no limit", "max-tls-new-session-rate-per-client"),
        Setting("setMaxTLSResumedSessionRatePerClient", "resumed sessions a second of one client; 0 is no limit", "max-tls-resumed-session-rate-per-client"),
        Setting("setBanDurationForExceedingTCPTLSRate", "seconds in which a client over a rate gets no connection", "ban-duration-for-exceeding-tcp-tls-rate"),
        Setting("setBanDurationForExceedingMaxReadIOsPerQuery", "seconds in which a client with too many reads gets no connection", "ban-duration-for-exceeding-max-read-ios-per-query"),
        Setting("setTCPConnectionsMaskV4", "bits of an IPv4 address that tell clients apart", "tcp-connections-mask-v4"),
        Setting("setTCPConnectionsMaskV6", "bits of an IPv6 address that tell clients apart", "tcp-connections-mask-v6"),
        Setting("setTCPConnectionsMaskV4Port", "bits of the port that tell IPv4 clients apart too", "tcp-connections-mask-v4-port"),
        Setting("setOutgoingTLSSessionsCacheMaxTicketsPerBackend", "TLS sessions kept to resume with, a backend", "outgoing-tls-sessions-cache-max-tickets-per-backend"),
        Setting("setOutgoingTLSSessionsCacheMaxTicketValidity", "seconds that they are kept", "outgoing-tls-sessions-cache-max-ticket-validity"),
        Setting("setOutgoingTLSSessionsCacheCleanupDelay", "seconds between two searches for those that are too old", "outgoing-tls-sessions-cache-cleanup-delay"),
        Function.Doing("setUDPSocketBufferSizes", "receive, send", "bytes of kernel buffer wanted for each UDP socket; 0 is as it is", 2, 2, static (script, arguments) =>
        {
            int receive = arguments.Integer(0, "receive", 0, 1 << 30), send = arguments.Integer(1, "send", 0, 1 << 30);
            script.Draft.ChangeProxy(proxy => proxy with
            {
                UdpReceiveBuffer = receive == 0 ? proxy.UdpReceiveBuffer : receive,
                UdpSendBuffer = send == 0 ? proxy.UdpSendBuffer : send,
            });
        }) with { IsForStart = true },
        Setting("setTCPFastOpenKey", "the key of TCP Fast Open's cookies, which hosts behind one address share", "tcp-fast-open-key", "key") with { IsForStart = true },
        Setting("setDropEmptyQueries", "give queries without a question no answer", "drop-empty-queries", "boolean"),
        Setting("setAllowEmptyResponse", "take NOERROR and NXDOMAIN without a question for a server's answer", "allow-empty-response", "boolean"),
        Setting("setVerboseHealthChecks", "log each health check that fails", "verbose-health-checks", "boolean"),
    ];
}
