using System.Collections.Generic;
using System.Linq;
using static Fastdist.Control.Configuration.Dnsdist.DnsdistName;

namespace Fastdist.Control.Configuration.Dnsdist;

/// <summary>Rules: what is done with which queries and answers.</summary>
internal static class RuleNames
{
    private const string NoRules = "rules come later; what decides about queries now is the ACL and the pool of the frontend they come to (addLocal{pool})";
    private const string Before16 = "is spelled with Set in front since dnsdist 1.6; rules come later";
    private const string Before13 = "is gone from dnsdist too (1.3): addAction says the same, and comes later";

    private static readonly string[] s_queryChains = ["", "CacheMiss"];
    private static readonly string[] s_responseChains = ["Response", "CacheHitResponse", "CacheInsertedResponse", "SelfAnsweredResponse", "XFRResponse", "TimeoutResponse"];

    public static readonly DnsdistTheme Chains = new("Chains of rules",
    [
        .. s_queryChains.Concat(s_responseChains).SelectMany(static chain => NamesOf(chain)),
        .. NotYet(NoRules, "makeRule", "newRuleAction", "getAction", "benchRule", "rule:getSelector", "rule:getAction", "selector:getMatches", "selector:toString", "action:printStats", "action:getStats", "action:reload"),
        .. NotYet("rules come later, and no row of a chain is moved before it", "topRule", "topResponseRule", "topCacheHitResponseRule", "topSelfAnsweredResponseRule", "topCacheHitRules"),
        .. NotYet(NoRules, "getResponseRules", "getCacheHitResponseRules", "getSelfAnsweredResponseRules"),
        .. Never("is gone from dnsdist too (1.4): addAction and addResponseAction take LuaAction and LuaResponseAction, and come later", "addLuaAction", "addLuaResponseAction"),
        .. Never(Before13, "addAnyTCRule", "addDelay", "addDisableValidationRule", "addDomainBlock", "addDomainCNAMESpoof", "addDomainSpoof", "addNoRecurseRule", "addPoolRule", "addQPSLimit", "addQPSPoolRule"),
        .. Never("is gone from dnsdist too (1.2): addAction with DropAction says the same, and comes later", "blockFilter", "blockfilter"),
    ]);

    public static readonly DnsdistTheme Selectors = new("Selectors",
    [
        .. NotYet(NoRules,
            "AllRule", "AndRule", "DNSSECRule", "DSTPortRule", "EDNSOptionRule", "EDNSVersionRule", "ERCodeRule", "HTTPHeaderRule", "HTTPPathRegexRule", "HTTPPathRule",
            "IncomingProtocolRule", "KeyValueStoreLookupRule", "KeyValueStoreRangeLookupRule", "LuaFFIPerThreadRule", "LuaFFIRule", "LuaRule", "MaxQPSIPRule", "MaxQPSRule",
            "NetmaskGroupRule", "NotRule", "OpcodeRule", "OrRule", "PayloadSizeRule", "PoolAvailableRule", "PoolOutstandingRule", "ProbaRule", "ProxyProtocolValueRule",
            "QClassRule", "QNameLabelsCountRule", "QNameRule", "QNameSetRule", "QNameSuffixRule", "QNameWireLengthRule", "QTypeRule", "RCodeRule", "RDRule", "RE2Rule",
            "RecordsCountRule", "RecordsTypeCountRule", "RegexRule", "SNIRule", "SuffixMatchNodeRule", "TCPRule", "TagRule", "TimedIPSetRule", "TrailingDataRule"),
        .. NotYet(NoRules, "timedipset:add", "timedipset:cleanup", "timedipset:clear", "timedipset:slice"),
        .. NotYet("limits for each client come with rules", "newQPSLimiter", "qpslimiter:check"),
    ]);

    public static readonly DnsdistTheme Actions = new("Actions",
    [
        .. NotYet(NoRules,
            "AllowAction", "ContinueAction", "DelayAction", "DnstapLogAction", "DropAction", "ERCodeAction", "HTTPStatusAction", "KeyValueStoreLookupAction",
            "KeyValueStoreRangeLookupAction", "LogAction", "LuaAction", "LuaFFIAction", "LuaFFIPerThreadAction", "NegativeAndSOAAction", "NoneAction", "PoolAction", "QPSAction",
            "QPSPoolAction", "RCodeAction", "RemoteLogAction", "SNMPTrapAction", "SetAdditionalProxyProtocolValueAction", "SetDisableECSAction", "SetDisableValidationAction",
            "SetECSAction", "SetECSOverrideAction", "SetECSPrefixLengthAction", "SetEDNSOptionAction", "SetExtendedDNSErrorAction", "SetMacAddrAction",
            "SetMaxReturnedTTLAction", "SetNoRecurseAction", "SetProxyProtocolValuesAction", "SetSkipCacheAction", "SetTagAction", "SetTempFailureCacheTTLAction",
            "SetTraceAction", "SpoofAction", "SpoofCNAMEAction", "SpoofPacketAction", "SpoofRawAction", "SpoofSVCAction", "TCAction", "TeeAction", "UnsetTagAction"),
        .. NotYet(NoRules, "newSVCRecordParameters"),
        .. NotYet(Before16, "DisableECSAction", "DisableValidationAction", "ECSOverrideAction", "ECSPrefixLengthAction", "MacAddrAction", "NoRecurseAction", "SkipCacheAction", "TagAction", "TempFailureCacheTTLAction"),
        .. NotYet("is NegativeAndSOAAction since dnsdist 1.6; rules come later", "SetNegativeAndSOAAction"),
    ]);

    public static readonly DnsdistTheme ResponseActions = new("Response actions",
    [
        .. NotYet(NoRules,
            "AllowResponseAction", "ClearRecordTypesResponseAction", "DelayResponseAction", "DnstapLogResponseAction", "DropResponseAction", "LimitTTLResponseAction",
            "LogResponseAction", "LuaFFIPerThreadResponseAction", "LuaFFIResponseAction", "LuaResponseAction", "RemoteLogResponseAction", "SNMPTrapResponseAction",
            "SetEDNSOptionResponseAction", "SetExtendedDNSErrorResponseAction", "SetMaxReturnedTTLResponseAction", "SetMaxTTLResponseAction", "SetMinTTLResponseAction",
            "SetReducedTTLResponseAction", "SetSkipCacheResponseAction", "SetTagResponseAction", "TCResponseAction", "UnsetTagResponseAction"),
        .. NotYet(Before16, "TagResponseAction"),
    ]);

    public static readonly DnsdistTheme Questions = new("Queries and answers as objects",
    [
        .. InEach(NotYet(TrafficNames.NoCallbacks,
            "*.localaddr", "*.qname", "*.qtype", "*.qclass", "*.remoteaddr", "*.opcode", "*.tcp", "*.rcode", "*.len", "*.size", "*.skipCache", "*.pool", "*.dh",
            "*:getDO", "*:getContent", "*:setContent", "*:getEDNSOptions", "*:setEDNSOption", "*:setExtendedDNSError", "*:getTag", "*:setTag", "*:unsetTag", "*:setTagArray",
            "*:getTagArray", "*:getTrailingData", "*:setTrailingData", "*:getHeader", "*:setHeader", "*:getIncomingInterface", "*:getProtocol", "*:getQueryTime",
            "*:getElapsedUs", "*:changeName", "*:suspend", "*:sendTrap", "*:setMetaKey"), "dq", "dr"),
        .. NotYet(TrafficNames.NoCallbacks,
            "dq.deviceID", "dq.deviceName", "dq.requestorID", "dq.useECS", "dq.ecsOverride", "dq.ecsPrefixLength", "dq.tempFailureTTL", "dq:getServerNameIndication",
            "dq:getHTTPPath", "dq:getHTTPQueryString", "dq:getHTTPHost", "dq:getHTTPScheme", "dq:getHTTPHeaders", "dq:setHTTPResponse", "dq:getProxyProtocolValues",
            "dq:setProxyProtocolValues", "dq:addProxyProtocolValue", "dq:spoof", "dq:setNegativeAndAdditionalSOA", "dq:setRestartable"),
        .. NotYet(TrafficNames.NoCallbacks, "dr:editTTLs", "dr:restart", "dr:getRestartCount", "dr:getSelectedBackend", "dr:getStaleCacheHit"),
        .. NotYet(TrafficNames.NoCallbacks,
            "header:getID", "header:getRD", "header:setRD", "header:getRA", "header:setRA", "header:getAD", "header:setAD", "header:getAA", "header:setAA", "header:getCD",
            "header:setCD", "header:getTC", "header:setTC", "header:setQR", "ednsoption:count", "ednsoption:getValues"),
        .. NotYet(TrafficNames.NoCallbacks, "newDNSPacketOverlay", "overlay.qname", "overlay.qtype", "overlay.qclass", "overlay.dh", "overlay:getRecordsCountInSection", "overlay:getRecord"),
        .. NotYet(TrafficNames.NoCallbacks, "record.name", "record.type", "record.class", "record.ttl", "record.place", "record.contentLength", "record.contentOffset"),
        .. NotYet(TrafficNames.NoCallbacks, "getAsynchronousObject", "async:getDQ", "async:getDR", "async:resume", "async:drop", "async:setRCode"),
    ]);

    private static IEnumerable<DnsdistName> NamesOf(string chain) => NotYet(NoRules,
        $"add{chain}Action", $"show{chain}Rules", $"rm{chain}Rule", $"mv{chain}Rule", $"mv{chain}RuleToTop", $"get{chain}Rule", $"getTop{chain}Rules", $"top{chain}Rules",
        $"clear{chain}Rules", $"set{chain}Rules");
}
