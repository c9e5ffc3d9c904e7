using static Fastdist.Control.Configuration.Dnsdist.DnsdistName;

namespace Fastdist.Control.Configuration.Dnsdist;

/// <summary>What remembers queries, and what is run for them.</summary>
internal static class TrafficNames
{
    internal const string NoCache = "there is no packet cache yet: backends answer each query, and cache themselves";
    private const string NoRings = "recent queries are not kept yet: dumpStats, showResponseLatency and /metrics tell of traffic as a whole";

    public static readonly DnsdistTheme Cache = new("Packet cache",
    [
        .. NotYet(NoCache, "newPacketCache", "setStaleCacheEntriesTTL"),
        .. NotYet(NoCache,
            "newPacketCache{deferrableInsertLock}", "newPacketCache{dontAge}", "newPacketCache{keepStaleData}", "newPacketCache{maxNegativeTTL}", "newPacketCache{maxTTL}",
            "newPacketCache{minTTL}", "newPacketCache{numberOfShards}", "newPacketCache{parseECS}", "newPacketCache{staleTTL}", "newPacketCache{temporaryFailureTTL}",
            "newPacketCache{truncatedTTL}", "newPacketCache{cookieHashing}", "newPacketCache{skipOptions}", "newPacketCache{maximumEntrySize}", "newPacketCache{payloadRanks}",
            "newPacketCache{shuffle}"),
        .. NotYet(NoCache,
            "cache:dump", "cache:expunge", "cache:expungeByName", "cache:getAddressListByDomain", "cache:getDomainListByAddress", "cache:getStats", "cache:isFull", "cache:printStats",
            "cache:purgeExpired", "cache:toString"),
        .. Ignored("there is no packet cache to clean", "setCacheCleaningDelay", "setCacheCleaningPercentage"),
    ]);

    public static readonly DnsdistTheme DynamicBlocks = new("Dynamic blocks",
    [
        .. Same("dynBlockRulesGroup", "addDynamicBlock", "addDynBlocks", "addDynBlockSMT", "clearDynBlocks", "getDynamicBlocks", "getDynamicBlocksSMT", "showDynBlocks", "setDynBlocksAction", "setDynBlocksPurgeInterval"),
        .. Different("rates are counted by client and second, so nobody is over before there was a second since its first call; the table's keys are strings", "exceedQRate", "exceedQTypeRate", "exceedServFails", "exceedNXDOMAINs", "exceedRespByterate"),
        .. NotYet(NoRings, "statNodeRespRing"),
        .. Same(
            "blocks:excludeDomains", "blocks:excludeRange", "blocks:includeRange", "blocks:removeRange", "blocks:setAllowedRCodesRatio",
            "blocks:setMasks", "blocks:setNewBlockInsertedHook", "blocks:setQTypeRate", "blocks:setQueryRate", "blocks:setQuiet", "blocks:setRCodeRate", "blocks:setRCodeRatio",
            "blocks:setResponseByteRate", "blocks:setSuffixMatchRule"),
        .. Different("there is no packet cache yet: each answer is a miss, and with a least share of hits nobody is blocked", "blocks:setCacheMissRatio"),
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
