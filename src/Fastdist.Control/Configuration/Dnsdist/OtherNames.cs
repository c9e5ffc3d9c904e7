using static Fastdist.Control.Configuration.Dnsdist.DnsdistName;

namespace Fastdist.Control.Configuration.Dnsdist;

/// <summary>What stands beside answering queries.</summary>
internal static class OtherNames
{
    internal const string NoDnsCrypt = "there is no DNSCrypt yet: offer addTLSLocal or addDOHLocal";
    private const string NoLoggers = "queries are not sent to loggers yet: log at the backends, or capture packets";
    private const string NoStores = "a list of names or networks can be read by io.lines, and reloadConfig() reads it again";
    private const string NoBpf = "the kernel's filters are set by nftables or by programs made for it, for any process";

    public static readonly DnsdistTheme RemoteLogging = new("Loggers and tracing",
    [
        .. NotYet(NoLoggers, "newRemoteLogger", "newFrameStreamUnixLogger", "newFrameStreamTcpLogger", "newOtlpLogger", "remotelogger:toString"),
        .. NotYet(NoLoggers,
            "protobuf:addResponseRR", "protobuf:setBytes", "protobuf:setEDNSSubnet", "protobuf:setProtobufResponseType", "protobuf:setQueryTime", "protobuf:setQuestion",
            "protobuf:setRequestor", "protobuf:setRequestorFromString", "protobuf:setResponder", "protobuf:setResponderFromString", "protobuf:setResponseCode",
            "protobuf:setServerIdentity", "protobuf:setTag", "protobuf:setTagArray", "protobuf:setTime", "protobuf:toDebugString", "dnstap:setExtra", "dnstap:toDebugString"),
        .. NotYet(NoLoggers, "setOpenTelemetryTracing", "setOpenTelemetryInternalTrace", "withTraceSpan", "setSpanAttribute"),
    ]);

    public static readonly DnsdistTheme Stores = new("Stores of keys and values",
    [
        .. NotYet(NoStores, "newCDBKVStore", "newLMDBKVStore", "KeyValueLookupKeyQName", "KeyValueLookupKeySourceIP", "KeyValueLookupKeySuffix", "KeyValueLookupKeyTag"),
        .. NotYet(NoStores, "kvstore:lookup", "kvstore:lookupSuffix", "kvstore:reload"),
        .. NotYet(NoStores, "openMMDB", "mmdb:query", "mmdb:exists", "newRedisClient", "redis:get", "redis:exists", "redis:hget", "redis:hexists"),
    ]);

    public static readonly DnsdistTheme DnsCrypt = new("DNSCrypt",
    [
        .. NotYet(NoDnsCrypt, "addDNSCryptBind", "showDNSCryptBinds", "getDNSCryptBind", "getDNSCryptBindCount", "generateDNSCryptProviderKeys", "generateDNSCryptCertificate", "printDNSCryptProviderFingerprint"),
        .. NotYet(NoDnsCrypt,
            "dnscrypt:addNewCertificate", "dnscrypt:generateAndLoadInMemoryCertificate", "dnscrypt:getCertificate", "dnscrypt:getCertificatePair", "dnscrypt:getCertificatePairs",
            "dnscrypt:getCurrentCertificate", "dnscrypt:getOldCertificate", "dnscrypt:hasOldCertificate", "dnscrypt:getProviderName", "dnscrypt:loadNewCertificate",
            "dnscrypt:markActive", "dnscrypt:markInactive", "dnscrypt:printCertificates", "dnscrypt:reloadCertificates", "dnscrypt:removeInactiveCertificate"),
        .. NotYet(NoDnsCrypt,
            "dnscryptcert:getClientMagic", "dnscryptcert:getEsVersion", "dnscryptcert:getMagic", "dnscryptcert:getProtocolMinorVersion", "dnscryptcert:getResolverPublicKey",
            "dnscryptcert:getSerial", "dnscryptcert:getSignature", "dnscryptcert:getTSEnd", "dnscryptcert:getTSStart", "dnscryptpair:getCertificate", "dnscryptpair:isActive"),
    ]);

    public static readonly DnsdistTheme Kernel = new("Filters in the kernel",
    [
        .. Never(NoBpf, "newBPFFilter", "newDynBPFFilter", "setDefaultBPFFilter", "registerDynBPFFilter", "unregisterDynBPFFilter", "addBPFFilterDynBlocks"),
        .. Never(NoBpf, "bpf:addRangeRule", "bpf:attachToAllBinds", "bpf:block", "bpf:blockQName", "bpf:getStats", "bpf:lsRangeRule", "bpf:rmRangeRule", "bpf:unblock", "bpf:unblockQName"),
        .. Never(NoBpf, "dynbpf:block", "dynbpf:excludeRange", "dynbpf:includeRange", "dynbpf:purgeExpired"),
        .. Never("AF_XDP takes packets past the kernel's own checks", "newXsk", "xsk:getMetrics"),
    ]);

    public static readonly DnsdistTheme Removed = new("Foreign functions",
    [
        .. Different("functions of a table of ours, about queries and answers: docs/scripts.md lists them", "dnsdist_ffi_*"),
    ]);
}
