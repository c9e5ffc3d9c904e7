using static Fastdist.Control.Configuration.Dnsdist.DnsdistName;

namespace Fastdist.Control.Configuration.Dnsdist;

/// <summary>Who may ask, how much, and by what means we serve.</summary>
internal static class AccessNames
{
    private const string NoWorkers = "there are no worker threads: each shard serves its own clients from accept to answer; see --shards";

    public static readonly DnsdistTheme AccessLists = new("Access lists and client subnets",
    [
        .. Different("without exclusions: '!' is not taken", "setACL", "addACL"),
        .. Same("setACLFromFile", "rmACL", "showACL"),
        .. Different("is each TLS and DoH frontend's own list (proxyProtocolACL); this sets those that have none", "setProxyProtocolACL"),
        .. Ignored("the ACL is about the client in the PROXY header in any case, and proxyProtocolACL about who sends it", "setProxyProtocolApplyACLToProxiedClients"),
        .. Ignored("a PROXY header may have 512 bytes, which is dnsdist's default", "setProxyProtocolMaximumPayloadSize"),
        .. Same("setECSSourcePrefixV4", "setECSSourcePrefixV6", "setECSOverride"),
    ]);

    public static readonly DnsdistTheme Limits = new("Limits for clients",
    [
        .. Same("setMaxTCPConnectionsPerClient", "setMaxTCPQueriesPerConnection", "setMaxTCPConnectionDuration", "setTCPSendTimeout", "setMaxTCPReadIOsPerQuery"),
        .. Different("from a query's first byte to its last; how long a connection may be idle is --tcp-idle-timeout and --tls-idle-timeout", "setTCPRecvTimeout"),
        .. Same("setMaxTCPConnectionRatePerClient", "setMaxTLSNewSessionRatePerClient", "setMaxTLSResumedSessionRatePerClient"),
        .. Same("setBanDurationForExceedingTCPTLSRate", "setBanDurationForExceedingMaxReadIOsPerQuery", "setTCPConnectionsMaskV4", "setTCPConnectionsMaskV6", "setTCPConnectionsMaskV4Port"),
        .. Ignored("rates are token buckets, refilled all the time; how much may come at once is --tcp-rate-burst", "setTCPConnectionRateInterval"),
        .. Ignored("at the limit the connection that is idle longest makes room", "setTCPConnectionsOverloadThreshold"),
    ]);

    public static readonly DnsdistTheme Tuning = new("Tuning",
    [
        .. Ignored(NoWorkers, "setMaxTCPClientThreads", "setMaxTCPQueuedConnections", "setTCPInternalPipeBufferSize"),
        .. Never("is gone from dnsdist too (1.7), and there are no worker threads", "setTCPUseSinglePipe"),
        .. Same("setUDPSocketBufferSizes"),
        .. Ignored("as many datagrams are read and sent at once as there are", "setUDPMultipleMessagesVectorSize"),
        .. Same("setTCPFastOpenKey"),
        .. Different("of answers that rules make; our errors say --udp-max-size", "setPayloadSizeOnSelfGeneratedAnswers"),
        .. Different("of answers that rules make; errors of our own always have EDNS where the query has it (RFC 6891)", "setAddEDNSToSelfGeneratedResponses"),
        .. Same("setDropEmptyQueries"),
        .. Ignored("all capabilities but the one to bind ports below 1024 are given up, as the service file says", "addCapabilitiesToRetain"),
        .. Ignored("nobody is asked whether this version has known faults", "setSecurityPollSuffix", "setSecurityPollInterval"),
        .. Never("nobody is asked whether this version has known faults", "showSecurityStatus"),
        .. NotYet("set the name by structured logs' collector", "setServerID", "getServerID"),
    ]);
}
