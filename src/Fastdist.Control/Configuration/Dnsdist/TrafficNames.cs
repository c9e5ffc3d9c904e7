using static Fastdist.Control.Configuration.Dnsdist.DnsdistName;

namespace Fastdist.Control.Configuration.Dnsdist;

/// <summary>What remembers queries, and what is run for them.</summary>
internal static class TrafficNames
{
    private const string NoRings = "recent queries are not kept yet: dumpStats, showResponseLatency and /metrics tell of traffic as a whole";

    public static readonly DnsdistTheme Cache = new("Packet cache",
    [
        .. Different("one entry serves all transports and all sizes of answers, questions are compared whole, and a full cache makes room for what is new", "newPacketCache"),
        .. Same(
            "newPacketCache{deferrableInsertLock}", "newPacketCache{dontAge}", "newPacketCache{keepStaleData}", "newPacketCache{maxNegativeTTL}", "newPacketCache{maxTTL}",
            "newPacketCache{minTTL}", "newPacketCache{staleTTL}", "newPacketCache{temporaryFailureTTL}", "newPacketCache{truncatedTTL}", "newPacketCache{cookieHashing}",
            "newPacketCache{maximumEntrySize}", "newPacketCache{shuffle}"),
        .. Different("small caches have fewer parts", "newPacketCache{numberOfShards}"),
        .. Different("is always on: an answer for some network is kept for that network, whatever this says", "newPacketCache{parseECS}"),
        .. Different("comes to what never tells entries apart, NSID, client subnet, cookie, keepalive and padding, and replaces none of them", "newPacketCache{skipOptions}"),
        .. Ignored("an answer is kept whole and once, and cut to each client's size", "newPacketCache{payloadRanks}"),
        .. Different("stale answers are given too when servers do not answer in time, and setStaleAnswerClientTimeout says how long a client waits", "setStaleCacheEntriesTTL"),
        .. Different("what setStaleCacheEntriesTTL still allows to be given is not removed", "setCacheCleaningDelay"),
        .. Same("setCacheCleaningPercentage"),
        .. Same("cache:expungeByName", "cache:getAddressListByDomain", "cache:getDomainListByAddress", "cache:isFull", "cache:toString"),
        .. Different("gives how many were removed", "cache:expunge", "cache:purgeExpired"),
        .. Different("collisions are always 0, as questions are compared whole", "cache:getStats", "cache:printStats"),
        .. Different("an entry is for UDP and TCP, and its key is another one", "cache:dump"),
    ]);

    public static readonly DnsdistTheme DynamicBlocks = new("Dynamic blocks",
    [
        .. Same("dynBlockRulesGroup", "addDynamicBlock", "addDynBlocks", "addDynBlockSMT", "clearDynBlocks", "getDynamicBlocks", "getDynamicBlocksSMT", "showDynBlocks", "setDynBlocksAction", "setDynBlocksPurgeInterval"),
        .. Different("rates are counted by client and second, so nobody is over before there was a second since its first call; the table's keys are strings", "exceedQRate", "exceedQTypeRate", "exceedServFails", "exceedNXDOMAINs", "exceedRespByterate"),
        .. NotYet(NoRings, "statNodeRespRing"),
        .. Same(
            "blocks:excludeDomains", "blocks:excludeRange", "blocks:includeRange", "blocks:removeRange", "blocks:setAllowedRCodesRatio",
            "blocks:setMasks", "blocks:setNewBlockInsertedHook", "blocks:setQTypeRate", "blocks:setQueryRate", "blocks:setQuiet", "blocks:setRCodeRate", "blocks:setRCodeRatio",
            "blocks:setResponseByteRate", "blocks:setSuffixMatchRule", "blocks:setCacheMissRatio"),
        .. Different("whole seconds are counted, and looked at by a thread of its own right after each (here for a suffix rule); no ring is too small for a rate", "blocks:apply"),
        .. Different("the words are others", "blocks:toString"),
        .. Never("write the function in Lua: setSuffixMatchRule", "blocks:setSuffixMatchRuleFFI"),
        .. Same("block.reason", "block.domain", "block.until", "block.blocks", "block.action", "block.warning", "block.bpf"),
        .. Same("statnode:numChildren", "statnode.fullname", "statnode.labelsCount", "statnode.servfails", "statnode.nxdomains", "statnode.queries", "statnode.noerrors", "statnode.drops", "statnode.bytes", "statnode.hits"),
    ]);

    public static readonly DnsdistTheme Rings = new("Recent queries",
    [
        .. Ignored("recent queries are not kept", "setRingBuffersSize", "setRingBuffersOptions", "setRingBuffersLockRetries"),
        .. NotYet(NoRings, "grepq", "topQueries", "topClients", "topResponses", "topSlow", "topTimeouts", "topBandwidth", "getTopQueries", "getTopClients", "getTopResponses", "getSlowResponses", "getTopBandwidth"),
        .. NotYet(NoRings, "getRingEntries", "getResponseRing", "getRespRing"),
        .. NotYet(NoRings, "ringentry.qname", "ringentry.requestor", "ringentry.backend", "ringentry.when", "ringentry.macAddress", "ringentry.dnsheader", "ringentry.usec", "ringentry.size", "ringentry.qtype", "ringentry.protocol", "ringentry.isResponse"),
        .. NotYet(NoRings, "setQueryCount", "setQueryCountFilter", "getQueryCounters", "clearQueryCounters"),
    ]);

    public static readonly DnsdistTheme Callbacks = new("Callbacks",
    [
        .. Same("maintenance", "addMaintenanceCallback"),
        .. NotYet("write it into the unit, as ExecStopPost=", "addExitCallback"),
        .. NotYet("changes of a server's state are in the log and in /metrics", "addServerStateChangeCallback"),
        .. NotYet("nodes that share ticketKeySecretFile derive the same keys without being told", "setTicketsKeyAddedHook"),
        .. Never("Lua has one thread of its own, and what runs on it is maintenance and callbacks", "newThread", "submitToMainThread", "threadmessage"),
        .. NotYet("os.time tells seconds", "getCurrentTime", "timespec.tv_sec", "timespec.tv_nsec"),
        .. NotYet("read files in maintenance() to be told from outside", "newNetworkEndpoint", "newNetworkListener"),
        .. NotYet("read files in maintenance() to be told from outside", "endpoint:isValid", "endpoint:send", "listener:addUnixListeningEndpoint", "listener:addUnixListeningEndpointFFI", "listener:start"),
    ]);

    public static readonly DnsdistTheme Metrics = new("Metrics of one's own",
    [
        .. NotYet("the counters that there are, are in dumpStats and /metrics", "declareMetric", "incMetric", "decMetric", "setMetric", "getMetric"),
        .. NotYet("the counters that there are, are in dumpStats and /metrics", "declareMetric{customName}", "declareMetric{withLabels}", "incMetric{step}", "incMetric{labels}", "decMetric{step}", "decMetric{labels}", "setMetric{labels}", "getMetric{labels}"),
    ]);
}
