using System.Collections.Generic;
using Fastdist.Control.Configuration.Language;
using Fastdist.Ring;

namespace Fastdist.Control.Configuration.Functions;

/// <summary>Limits for clients, and times.</summary>
internal static class TuningFunctions
{
    /// <summary>What fits into a packet of Ethernet, as dnsdist has it.</summary>
    private const int LargestPayload = 1500;

    /// <summary>All of them.</summary>
    public static readonly IReadOnlyList<Function> All =
    [
        Function.Setting("setMaxTCPConnectionsPerClient", "connections of one client; 0 is no limit", "max-tcp-connections-per-client"),
        Function.Setting("setMaxTCPQueriesPerConnection", "queries after which a client connection is closed; 0 is no limit", "max-tcp-queries-per-connection"),
        Function.Setting("setMaxTCPConnectionDuration", "seconds after which a client connection is closed; 0 is no limit", "max-tcp-connection-duration"),
        Function.Setting("setTCPRecvTimeout", "seconds from a query's first byte to its last", "tcp-recv-timeout"),
        Function.Setting("setTCPSendTimeout", "seconds in which a client may take no byte of its answers", "tcp-send-timeout"),
        Function.Setting("setMaxTCPReadIOsPerQuery", "reads that one query may take", "max-tcp-read-ios-per-query"),
        Function.Setting("setMaxTCPConnectionRatePerClient", "connections a second of one client; 0 is no limit", "max-tcp-connection-rate-per-client"),
        Function.Setting("setMaxTLSNewSessionRatePerClient", "full handshakes a second of one client; 0 is no limit", "max-tls-new-session-rate-per-client"),
        Function.Setting("setMaxTLSResumedSessionRatePerClient", "resumed sessions a second of one client; 0 is no limit", "max-tls-resumed-session-rate-per-client"),
        Function.Setting("setBanDurationForExceedingTCPTLSRate", "seconds in which a client over a rate gets no connection", "ban-duration-for-exceeding-tcp-tls-rate"),
        Function.Setting("setBanDurationForExceedingMaxReadIOsPerQuery", "seconds in which a client with too many reads gets no connection", "ban-duration-for-exceeding-max-read-ios-per-query"),
        Function.Setting("setTCPConnectionsMaskV4", "bits of an IPv4 address that tell clients apart", "tcp-connections-mask-v4"),
        Function.Setting("setTCPConnectionsMaskV6", "bits of an IPv6 address that tell clients apart", "tcp-connections-mask-v6"),
        Function.Setting("setTCPConnectionsMaskV4Port", "bits of the port that tell IPv4 clients apart too", "tcp-connections-mask-v4-port"),
        Function.Setting("setOutgoingTLSSessionsCacheMaxTicketsPerBackend", "TLS sessions kept to resume with, a backend", "outgoing-tls-sessions-cache-max-tickets-per-backend"),
        Function.Setting("setOutgoingTLSSessionsCacheMaxTicketValidity", "seconds that they are kept", "outgoing-tls-sessions-cache-max-ticket-validity"),
        Function.Setting("setOutgoingTLSSessionsCacheCleanupDelay", "seconds between two searches for those that are too old", "outgoing-tls-sessions-cache-cleanup-delay"),
        Function.Doing("setUDPSocketBufferSizes", "receive, send", "bytes of kernel buffer wanted for each UDP socket; 0 is as it is", 2, 2, static (script, arguments) =>
        {
            int receive = arguments.Integer(0, "receive", 0, 1 << 30);
            int send = arguments.Integer(1, "send", 0, 1 << 30);
            script.Draft.ChangeProxy(proxy => proxy with
            {
                UdpReceiveBuffer = receive == 0 ? proxy.UdpReceiveBuffer : receive,
                UdpSendBuffer = send == 0 ? proxy.UdpSendBuffer : send,
            });
        }) with { IsForStart = true },
        Function.Doing("setTCPFastOpenKey", "key", "key of the cookies of TCP Fast Open, as net.ipv4.tcp_fastopen_key writes it", 1, 1, static (script, arguments) =>
        {
            FastOpenKey key = FastOpenKey.Parse(arguments.String(0, "key"));
            script.Draft.ChangeProxy(proxy => proxy with { TcpFastOpenKey = key });
        }) with { IsForStart = true },
        Function.Doing("setAddEDNSToSelfGeneratedResponses", "boolean", "whether answers that rules make have EDNS where the query has it", 1, 1, static (script, arguments) =>
        {
            bool adds = arguments.Boolean(0, "boolean");
            script.Draft.ChangeProxy(proxy => proxy with { AddEdnsToSelfAnswers = adds });
        }),
        Function.Doing("setPayloadSizeOnSelfGeneratedAnswers", "bytes", "the largest UDP message that answers that rules make say we receive", 1, 1, static (script, arguments) =>
        {
            int size = arguments.Integer(0, "bytes", 512, LargestPayload);
            script.Draft.ChangeProxy(proxy => proxy with { SelfAnswerPayloadSize = size });
        }),
        Function.Setting("setDropEmptyQueries", "whether queries without a question get no answer", "drop-empty-queries", "boolean"),
        Function.Setting("setAllowEmptyResponse", "whether NOERROR and NXDOMAIN without a question are answers", "allow-empty-response", "boolean"),
        Function.Setting("setVerboseHealthChecks", "whether each health check that fails is logged", "verbose-health-checks", "boolean"),
    ];
}
