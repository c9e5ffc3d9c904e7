using static Fastdist.Control.Configuration.Dnsdist.DnsdistName;

namespace Fastdist.Control.Configuration.Dnsdist;

/// <summary>Rules: what is done with which queries and answers.</summary>
internal static class RuleNames
{
    private const string NoTransfers = "zone transfers are refused, so that no such rule is asked";
    private const string LuaError = "a function may run for 10 ms, and a query waits 2 ms for the configuration's Lua; an error in a selector counts as false";
    private const string LuaResult = "a function may run for 10 ms, and a query waits 2 ms for the configuration's Lua; answers made of a result have RA=RD, AA=0 and AD=0";
    private const string LuaAnswer = "a function may run for 10 ms, and an answer waits 2 ms for the configuration's Lua";
    private const string LuaFfi = "ffi.C is a table of ours, which has the functions of queries and answers that docs/scripts.md lists";
    private const string NoOverlay = "getContent gives the bytes; editTTLs goes over the records";
    private const string NoStores = "lists are read by scripts: io.lines fills a DNSNameSet, SuffixMatchNode or NetmaskGroup, and reloadConfig() reads them again";
    private const string NoRemote = "queries are not sent to loggers yet; LogAction writes lines";
    private const string Before16 = "is gone from dnsdist too (1.6): it is written with Set in front";
    private const string Before13 = "is gone from dnsdist too (1.3): addAction says the same";

    public static readonly DnsdistTheme Chains = new("Chains of rules",
    [
        .. Same([.. NamesOf(""), .. NamesOf("SelfAnsweredResponse")]),
        .. Different("rules see the whole answer, and it is cut to the client's size last; a server's answer that is TC=1 itself is passed on", [.. NamesOf("Response")]),
        .. Same([.. NamesOf("CacheMiss"), .. NamesOf("CacheHitResponse"), .. NamesOf("CacheInsertedResponse"), "topCacheHitResponseRule", "topCacheHitRules", "getCacheHitResponseRules"]),
        .. Different(NoTransfers, [.. NamesOf("XFRResponse")]),
        .. NotYet("a query that times out is answered SERVFAIL, and addSelfAnsweredResponseAction has rules for it", [.. NamesOf("TimeoutResponse")]),
        .. Different("a table of names and networks matches either, where dnsdist loses the names", "makeRule"),
        .. Same("newRuleAction", "getAction", "rule:getSelector", "rule:getAction", "selector:toString", "action:printStats", "action:getStats"),
        .. Different("the sum of the rules that the selector is in", "selector:getMatches"),
        .. Same("topRule", "topResponseRule", "topSelfAnsweredResponseRule", "getResponseRules", "getSelfAnsweredResponseRules"),
        .. NotYet("showRules() tells how often rules match, and what they cost is in docs/rules.md", "benchRule"),
        .. Different("never empties the file, whatever append says; a reload of the process opens it anew, too", "action:reload"),
        .. Never("is gone from dnsdist too (1.4): addAction and addResponseAction take LuaAction and LuaResponseAction, which come later", "addLuaAction", "addLuaResponseAction"),
        .. Never(Before13, "addAnyTCRule", "addDelay", "addDisableValidationRule", "addDomainBlock", "addDomainCNAMESpoof", "addDomainSpoof", "addNoRecurseRule", "addPoolRule", "addQPSLimit", "addQPSPoolRule"),
        .. Never("is gone from dnsdist too (1.2): addAction with DropAction says the same", "blockFilter", "blockfilter"),
    ]);

    public static readonly DnsdistTheme Selectors = new("Selectors",
    [
        .. Same(
            "AllRule", "AndRule", "DNSSECRule", "DSTPortRule", "EDNSOptionRule", "EDNSVersionRule", "HTTPHeaderRule", "HTTPPathRule", "NotRule", "OpcodeRule", "OrRule", "PayloadSizeRule",
            "ProbaRule", "QClassRule", "QNameLabelsCountRule", "QNameRule", "QNameSetRule", "QNameSuffixRule", "QNameWireLengthRule", "QTypeRule", "RCodeRule", "RDRule", "RecordsCountRule",
            "RecordsTypeCountRule", "SNIRule", "SuffixMatchNodeRule", "TagRule", "TimedIPSetRule", "TrailingDataRule"),
        .. Different("RCODEs of 12 bits can be written, not only of 8", "ERCodeRule"),
        .. Different("an address of IPv4 in IPv6 is looked up as the address of IPv4", "NetmaskGroupRule"),
        .. Different("there is no DNSCrypt and no QUIC: what is neither UDP nor TCP is DoT or DoH", "TCPRule", "IncomingProtocolRule"),
        .. Different("back references are refused, and the time for a name grows with its length only", "RegexRule", "HTTPPathRegexRule", "RE2Rule"),
        .. Different("a million clients are told apart; those beyond share a rate with others. The number of shards says nothing", "MaxQPSIPRule"),
        .. Different("shards take tokens ahead: for moments a hundredth of the burst may be missing", "MaxQPSRule"),
        .. Different("a pool that there is not is made, where dnsdist drops the query", "PoolAvailableRule", "PoolOutstandingRule"),
        .. Same("timedipset:add", "timedipset:cleanup", "timedipset:clear", "timedipset:slice"),
        .. Same("newQPSLimiter", "qpslimiter:check"),
        .. Different(LuaError, "LuaRule"),
        .. Different(LuaFfi, "LuaFFIRule", "LuaFFIPerThreadRule"),
        .. NotYet("values of PROXY headers are not looked at", "ProxyProtocolValueRule"),
        .. NotYet(NoStores, "KeyValueStoreLookupRule", "KeyValueStoreRangeLookupRule"),
    ]);

    public static readonly DnsdistTheme Actions = new("Actions",
    [
        .. Same(
            "AllowAction", "ContinueAction", "DropAction", "NegativeAndSOAAction", "NoneAction", "RCodeAction", "SetDisableECSAction", "SetDisableValidationAction", "SetECSAction", "SetECSOverrideAction",
            "SetECSPrefixLengthAction", "SetEDNSOptionAction", "SetExtendedDNSErrorAction", "SetMaxReturnedTTLAction", "SetNoRecurseAction", "SetTagAction", "SpoofCNAMEAction", "SpoofPacketAction", "SpoofRawAction",
            "TCAction", "UnsetTagAction"),
        .. Different("the pool is made where there is none, and without a server answers SERVFAIL; dnsdist drops the query", "PoolAction", "QPSPoolAction"),
        .. Different("shards take tokens ahead: for moments a hundredth of the burst may be missing", "QPSAction"),
        .. Different("contentType is told with any status, and an empty body stays empty", "HTTPStatusAction"),
        .. Different("at most a minute", "DelayAction"),
        .. Different("RCODEs of 12 bits can be written, not only of 8", "ERCodeAction"),
        .. Different("two addresses in place of a list are taken, as they were once", "SpoofAction"),
        .. Different("lines are written together, whatever buffered says; the ID is told as it is, where dnsdist swaps its bytes", "LogAction"),
        .. Same("SetSkipCacheAction", "SetTempFailureCacheTTLAction"),
        .. Different(LuaResult, "LuaAction"),
        .. Different(LuaFfi, "LuaFFIAction", "LuaFFIPerThreadAction"),
        .. NotYet(NoRemote, "DnstapLogAction", "RemoteLogAction", "SNMPTrapAction", "SetTraceAction", "TeeAction"),
        .. NotYet("values of PROXY headers are not set by rules", "SetAdditionalProxyProtocolValueAction", "SetProxyProtocolValuesAction"),
        .. NotYet("clients are told apart by their addresses", "SetMacAddrAction"),
        .. NotYet("SpoofRawAction answers with an SVCB or HTTPS record of its bytes", "SpoofSVCAction", "newSVCRecordParameters"),
        .. NotYet(NoStores, "KeyValueStoreLookupAction", "KeyValueStoreRangeLookupAction"),
        .. Never(Before16, "DisableECSAction", "DisableValidationAction", "ECSOverrideAction", "ECSPrefixLengthAction", "MacAddrAction", "NoRecurseAction", "SkipCacheAction", "TagAction", "TempFailureCacheTTLAction"),
        .. Never("is gone from dnsdist too (1.6): write NegativeAndSOAAction", "SetNegativeAndSOAAction"),
    ]);

    public static readonly DnsdistTheme ResponseActions = new("Response actions",
    [
        .. Same(
            "AllowResponseAction", "ClearRecordTypesResponseAction", "DropResponseAction", "LimitTTLResponseAction", "SetEDNSOptionResponseAction", "SetExtendedDNSErrorResponseAction",
            "SetMaxReturnedTTLResponseAction", "SetMaxTTLResponseAction", "SetMinTTLResponseAction", "SetReducedTTLResponseAction", "SetTagResponseAction", "TCResponseAction",
            "UnsetTagResponseAction"),
        .. Different("at most a minute", "DelayResponseAction"),
        .. Different("lines are written together, whatever buffered says; the ID is told as it is, where dnsdist swaps its bytes", "LogResponseAction"),
        .. Same("SetSkipCacheResponseAction"),
        .. Different(LuaAnswer, "LuaResponseAction"),
        .. Different(LuaFfi, "LuaFFIPerThreadResponseAction", "LuaFFIResponseAction"),
        .. NotYet(NoRemote, "DnstapLogResponseAction", "RemoteLogResponseAction", "SNMPTrapResponseAction"),
        .. Never(Before16, "TagResponseAction"),
    ]);

    public static readonly DnsdistTheme Questions = new("Queries and answers as objects",
    [
        .. InEach(Same(
            "*.localaddr", "*.qname", "*.qtype", "*.qclass", "*.remoteaddr", "*.opcode", "*.tcp", "*.rcode", "*.len", "*.dh",
            "*:getDO", "*:getContent", "*:setContent", "*:getEDNSOptions", "*:setEDNSOption", "*:setExtendedDNSError", "*:getTag", "*:setTag", "*:unsetTag", "*:setTagArray",
            "*:getTagArray", "*:getTrailingData", "*:setTrailingData", "*:getHeader", "*:setHeader", "*:getProtocol", "*:getQueryTime", "*:getElapsedUs", "*:changeName"), "dq", "dr"),
        .. InEach(Different("the length of the message", "*.size"), "dq", "dr"),
        .. InEach(Same("*.skipCache"), "dq", "dr"),
        .. InEach(Different("a pool that there is not is an error", "*.pool"), "dq", "dr"),
        .. InEach(Different("empty where two frontends at one address differ by nothing else", "*:getIncomingInterface"), "dq", "dr"),
        .. InEach(NotYet("a query does not wait for scripts: decide at once", "*:suspend"), "dq", "dr"),
        .. InEach(NotYet(NoRemote, "*:sendTrap", "*:setMetaKey"), "dq", "dr"),
        .. Same("dq.useECS", "dq.ecsOverride", "dq.ecsPrefixLength", "dq:getServerNameIndication", "dq:getHTTPPath", "dq:getHTTPQueryString", "dq:getHTTPScheme", "dq:spoof"),
        .. Same("dq.tempFailureTTL"),
        .. Different("always empty: there are no loggers that would send it", "dq.deviceID", "dq.deviceName", "dq.requestorID"),
        .. Different("empty unless the frontend keeps header fields", "dq:getHTTPHost", "dq:getHTTPHeaders"),
        .. Different("the body is text/plain", "dq:setHTTPResponse"),
        .. Different("RA is RD, AA and AD are 0", "dq:setNegativeAndAdditionalSOA"),
        .. NotYet("values of PROXY headers are not looked at", "dq:getProxyProtocolValues", "dq:setProxyProtocolValues", "dq:addProxyProtocolValue"),
        .. NotYet("a query is asked of its pool once, and again by itself where a server fails", "dq:setRestartable", "dr:restart", "dr:getRestartCount"),
        .. Same("dr:editTTLs", "dr:getSelectedBackend", "dr:getStaleCacheHit", "dr:getServerNameIndication"),
        .. Same(
            "header:getID", "header:getRD", "header:setRD", "header:getRA", "header:setRA", "header:getAD", "header:setAD", "header:getAA", "header:setAA", "header:getCD",
            "header:setCD", "header:getTC", "header:setTC", "header:setQR", "ednsoption:count", "ednsoption:getValues"),
        .. NotYet(NoOverlay, "newDNSPacketOverlay", "overlay.qname", "overlay.qtype", "overlay.qclass", "overlay.dh", "overlay:getRecordsCountInSection", "overlay:getRecord"),
        .. NotYet(NoOverlay, "record.name", "record.type", "record.class", "record.ttl", "record.place", "record.contentLength", "record.contentOffset"),
        .. NotYet("a query does not wait for scripts: decide at once", "getAsynchronousObject", "async:getDQ", "async:getDR", "async:resume", "async:drop", "async:setRCode"),
    ]);

    private static string[] NamesOf(string chain) =>
    [
        $"add{chain}Action", $"show{chain}Rules", $"rm{chain}Rule", $"mv{chain}Rule", $"mv{chain}RuleToTop", $"get{chain}Rule", $"getTop{chain}Rules", $"top{chain}Rules",
        $"clear{chain}Rules", $"set{chain}Rules",
    ];
}
