using static Fastdist.Control.Configuration.Dnsdist.DnsdistName;

namespace Fastdist.Control.Configuration.Dnsdist;

/// <summary>Whom we ask.</summary>
internal static class ServerNames
{
    private const string Discovery = "backends are not asked what else they speak: write tls and subjectName";
    private const string LuaPolicy = "policies in Lua come later: choose among leastOutstanding, firstAvailable, roundrobin, wrandom, whashed and chashed";
    private const string Doh = "backends are asked over UDP, TCP or TLS; DNS over HTTPS to them comes later: use tls without dohPath";
    private const string Kept = "connections to a backend are kept for as long as it keeps them: see newServer{connections} and newServer{spareConnections}";

    public static readonly DnsdistTheme Servers = new("Servers",
    [
        .. Different("with tls, many queries share few connections (maxInFlight is 1000 unless given)", "newServer"),
        .. Different("takes a server's name as well", "getServer", "rmServer"),
        .. Same("getServers", "showServers", "showServers{showUUIDs}"),
        .. Same("setUDPTimeout", "setOutgoingTLSSessionsCacheMaxTicketsPerBackend", "setOutgoingTLSSessionsCacheMaxTicketValidity", "setOutgoingTLSSessionsCacheCleanupDelay"),
        .. NotYet("showTCPStats tells how many sessions were resumed", "getOutgoingTLSSessionCacheSize"),
        .. Ignored("what a backend may have in flight is maxOutstandingQueries, and of the whole process --max-in-flight", "setMaxUDPOutstanding"),
        .. Ignored("IDs are always drawn at random", "setRandomizedIdsOverUDP"),
        .. Ignored("one of a backend's sockets is always drawn at random, and they are replaced all the time", "setRandomizedOutgoingSockets"),
        .. Ignored(Kept, "setMaxCachedTCPConnectionsPerDownstream", "setTCPDownstreamMaxIdleTime", "setTCPDownstreamCleanupInterval"),
        .. Ignored("backends are not asked over HTTP", "setOutgoingDoHWorkerThreads", "setMaxIdleDoHConnectionsPerDownstream", "setMaxCachedDoHConnectionsPerDownstream", "setDoHDownstreamMaxIdleTime", "setDoHDownstreamCleanupInterval"),
        .. Different("at a bounded rate", "setVerboseHealthChecks"),
        .. Ignored("an answer's question is compared without case and passed on as the backend wrote it", "fixupCase"),
        .. Ignored("an answer that is marked truncated is passed on as it came, or asked for again over TCP", "truncateTC"),
        .. Same("setAllowEmptyResponse"),
    ]);

    public static readonly DnsdistTheme Options = new("Options of newServer",
    [
        .. Same("newServer{address}", "newServer{id}", "newServer{name}", "newServer{pool}", "newServer{order}", "newServer{weight}", "newServer{qps}", "newServer{source}"),
        .. Different("openssl or sslstream; gnutls is taken for openssl", "newServer{tls}"),
        .. Same("newServer{subjectName}", "newServer{subjectAddr}", "newServer{validateCertificates}", "newServer{caStore}", "newServer{ciphers}", "newServer{ciphersTLS13}", "newServer{ciphers13}"),
        .. Same("newServer{ecdheCurves}", "newServer{keyLogFile}", "newServer{releaseBuffers}", "newServer{enableRenegotiation}", "newServer{tcpOnly}", "newServer{checkTCP}", "newServer{tcpFastOpen}"),
        .. Different("1000 unless given, not one at a time", "newServer{maxInFlight}"),
        .. Same("newServer{maxConcurrentTCPConnections}", "newServer{maxOutstandingQueries}", "newServer{tcpConnectTimeout}", "newServer{tcpSendTimeout}", "newServer{udpTimeout}", "newServer{reconnectOnUp}"),
        .. Different("is queryTimeout: from a query's arrival to its answer, asking again included", "newServer{tcpRecvTimeout}"),
        .. Different("counts only connections that ended with nothing answered", "newServer{retries}"),
        .. Different("of the whole process; 4 a shard unless given", "newServer{sockets}"),
        .. Same("newServer{useClientSubnet}"),
        .. Ignored("a packet cache is always asked first for an answer that is for all networks", "newServer{disableZeroScope}"),
        .. Ignored("shards, not backends, have threads, and each its processor", "newServer{cpus}"),
        .. Ignored("records of many queries are sealed and sent together, which kTLS would take apart", "newServer{ktls}"),
        .. Same("newServer{dscp}", "newServer{ipBindAddrNoPort}"),
        .. NotYet(Doh, "newServer{dohPath}", "newServer{addXForwardedHeaders}"),
        .. NotYet("a PROXY header names one client for a whole connection, and connections here carry the queries of all clients: use useClientSubnet", "newServer{useProxyProtocol}", "newServer{proxyProtocolAdvertiseTLS}"),
        .. NotYet(Discovery, "newServer{autoUpgrade}", "newServer{autoUpgradeInterval}", "newServer{autoUpgradeKeep}", "newServer{autoUpgradePool}", "newServer{autoUpgradeDoHKey}"),
        .. Same("newServer{checkName}", "newServer{checkType}", "newServer{checkTimeout}", "newServer{checkInterval}", "newServer{maxCheckFailures}", "newServer{rise}", "newServer{mustResolve}"),
        .. Same("newServer{checkClass}", "newServer{setCD}"),
        .. NotYet("checks ask for checkName and checkType, which may be a name of your own", "newServer{checkFunction}"),
        .. Same("newServer{healthCheckMode}"),
        .. Different("a query that another server answered first is a failure, too", "newServer{lazyHealthCheckSampleSize}"),
        .. Same("newServer{lazyHealthCheckMinSampleCount}", "newServer{lazyHealthCheckThreshold}", "newServer{lazyHealthCheckFailedInterval}", "newServer{lazyHealthCheckMode}"),
        .. Same("newServer{lazyHealthCheckUseExponentialBackOff}", "newServer{lazyHealthCheckMaxBackOff}"),
        .. NotYet(Discovery, "newServer{lazyHealthCheckWhenUpgraded}"),
        .. Never("AF_XDP sends packets past the kernel", "newServer{xskSockets}", "newServer{MACAddr}"),
        .. Never("XPF is gone from dnsdist too (2.0): use useClientSubnet", "newServer{addXPF}"),
    ]);

    public static readonly DnsdistTheme Objects = new("Servers as objects",
    [
        .. Same("server:addPool", "server:rmPool", "server:getDrops", "server:getName", "server:getOutstanding", "server:getQueries", "server:isUp", "server:setDown", "server:setUp"),
        .. Same("server:setAuto", "server:setActiveAuto", "server:setLazyAuto", "server:getHealthCheckMode", "server:setQPS", "server:getID", "server:setHealthCheckParams", "server:canAcceptQueries"),
        .. Different("milliseconds, as showServers has it", "server:getLatency"),
        .. Different("the name once, where that is the address", "server:getNameWithAddr"),
        .. NotYet("answers to checks are judged by mustResolve", "server:setHealthCheckResponseValidator"),
        .. Same("server.name", "server.weight", "server.order"),
        .. Different("can be read; setUp, setDown and setAuto write it", "server.upStatus"),
    ]);

    public static readonly DnsdistTheme Pools = new("Pools and policies",
    [
        .. Same("getPool", "getPoolNames", "getPoolServers", "showPools", "setServerPolicy", "setPoolServerPolicy", "showServerPolicy", "showPoolServerPolicy"),
        .. Same("leastOutstanding", "firstAvailable", "roundrobin", "wrandom"),
        .. Different("hashes otherwise: each name goes to one server here too, though not to the one that dnsdist sends it to", "whashed", "chashed"),
        .. NotYet("it leaves out servers that a tag names when a query is asked again, which restart() would do", "orderedWrandUntag"),
        .. Same("setWeightedBalancingFactor", "setConsistentHashingBalancingFactor", "setWHashedPerturbation"),
        .. Different("the older spelling of setWHashedPerturbation", "setWHashedPertubation"),
        .. Ignored("roundrobin takes no server that is down in any case", "setRoundRobinFailOnNoServer"),
        .. Different("is true unless set: a query that no server can be asked is answered SERVFAIL; with false there is silence over UDP, and connections are closed", "setServFailWhenNoServer"),
        .. NotYet(LuaPolicy, "newServerPolicy", "setServerPolicyLua", "setServerPolicyLuaFFI", "setServerPolicyLuaFFIPerThread"),
        .. NotYet(LuaPolicy, "setPoolServerPolicyLua", "setPoolServerPolicyLuaFFI", "setPoolServerPolicyLuaFFIPerThread"),
        .. Same("policy.name", "policy:toString", "policy.isLua", "policy.isFFI", "policy.isPerThread"),
        .. NotYet(LuaPolicy, "policy.policy", "policy.ffipolicy"),
        .. Same("pool:setCache", "pool:unsetCache", "pool:getCache"),
        .. NotYet("useClientSubnet=true of each of its servers does it", "pool:setECS", "pool:getECS"),
        .. Ignored("a packet cache is always asked first for an answer that is for all networks", "pool:setZeroScope", "pool:getZeroScope"),
    ]);
}
