using static Fastdist.Control.Configuration.Dnsdist.DnsdistName;

namespace Fastdist.Control.Configuration.Dnsdist;

/// <summary>Where clients ask.</summary>
internal static class FrontendNames
{
    private const string Quic = "there is no DNS over QUIC or HTTP/3 yet: offer addTLSLocal and addDOHLocal, which clients fall back to";

    private static readonly string[] s_plain = ["addLocal", "setLocal"];
    private static readonly string[] s_streams = ["addTLSLocal", "addDOHLocal"];
    private static readonly string[] s_all = [.. s_plain, .. s_streams];

    public static readonly DnsdistTheme Frontends = new("Frontends",
    [
        .. Different("one address given several times with reusePort=true is one frontend, since every shard has sockets of its own", "addLocal"),
        .. Same("setLocal"),
        .. Different("certificates are told apart by SNI, wildcards included; TLS 1.2 is the lowest version unless minTLSVersion says otherwise", "addTLSLocal"),
        .. Different("only HTTP/2 is spoken; otherwise as addTLSLocal", "addDOHLocal"),
        .. Same("newTLSCertificate", "newTLSCertificate{key}", "newTLSCertificate{password}"),
        .. NotYet(Quic, "addDOQLocal", "addDOH3Local", "getDOQFrontend", "getDOQFrontendCount", "showDOQFrontends", "getDOH3Frontend", "getDOH3FrontendCount", "showDOH3Frontends"),
        .. NotYet("make OCSP responses with 'openssl ocsp'; ocspResponses staples them", "generateOCSPResponse"),
        .. Never("cryptography comes from the OpenSSL that is linked in, which loads no engines", "loadTLSEngine", "loadTLSProvider"),
    ]);

    public static readonly DnsdistTheme Options = new("Options of frontends",
    [
        .. InEach(Different("every shard has a socket of its own with SO_REUSEPORT in any case; with it, an address given again is the same frontend", "*{reusePort}"), s_all),
        .. InEach(Same("*{tcpFastOpenQueueSize}", "*{interface}", "*{maxConcurrentTCPConnections}"), s_all),
        .. InEach(Different("4096 unless given", "*{tcpListenQueueSize}"), s_all),
        .. InEach(Different("100 queries unless given, not one at a time; 0 is one at a time", "*{maxInFlight}"), s_all),
        .. InEach(Ignored("shards, not listeners, have threads, and each its processor", "*{cpus}"), s_all),
        .. InEach(Different("without setProxyProtocolACL there is nothing that it could allow", "*{enableProxyProtocol}"), s_all),
        .. InEach(Never("AF_XDP takes packets past the kernel's own checks; a shard answers without it what a processor can", "*{xskSocket}"), s_all),
        .. InEach(Different("the older spelling of tcpFastOpenQueueSize", "*{tcpFastOpenSize}"), s_all),
        .. InEach(Ignored("a listener is always one of UDP and one of TCP", "*{doTCP}"), s_plain),
        .. InEach(Same(
            "*{additionalAddresses}", "*{ignoreTLSConfigurationErrors}", "*{ciphers}", "*{ciphersTLS13}", "*{ecdheCurves}", "*{preferServerCiphers}", "*{numberOfTicketsKeys}",
            "*{ticketKeyFile}", "*{sessionTickets}", "*{sessionTimeout}", "*{ocspResponses}", "*{releaseBuffers}", "*{enableRenegotiation}", "*{keyLogFile}",
            "*{proxyProtocolOutsideTLS}"), s_streams),
        .. InEach(Different("tls1.2 unless given, not tls1.0", "*{minTLSVersion}"), s_streams),
        .. InEach(Different("openssl is the only one; gnutls is taken for it, its ciphers are not", "*{provider}"), s_streams),
        .. InEach(Different("0 unless given with ticketKeyFile, whose keys its owner rotates; keys survive a reload of certificates", "*{ticketsKeysRotationDelay}"), s_streams),
        .. InEach(Different("0 unless given: tickets do the same without memory", "*{numberOfStoredSessions}"), s_streams),
        .. InEach(Different("answers are padded to whoever padded the query unless given", "*{padResponses}"), s_streams),
        .. InEach(Ignored("records are read as many as have come in any case", "*{readAhead}"), s_streams),
        .. InEach(Ignored("records of many answers are sealed and sent together, which kTLS would take apart", "*{ktls}"), s_streams),
        .. InEach(Ignored("no engine that works beside the processor can be loaded", "*{tlsAsyncMode}"), s_streams),
        .. Same("addDOHLocal{idleTimeout}", "addDOHLocal{sendCacheControlHeaders}", "addDOHLocal{trustForwardedForHeader}", "addDOHLocal{exactPathMatching}", "addDOHLocal{keepIncomingHeaders}", "addDOHLocal{customResponseHeaders}"),
        .. Different("fastdist unless given", "addDOHLocal{serverTokens}"),
        .. Ignored("one shard serves a connection from accept to answer, without pipes", "addDOHLocal{internalPipeBufferSize}"),
        .. Ignored("HTTP/2 is nghttp2's in any case", "addDOHLocal{library}"),
        .. Ignored("the ACL is applied at accept in any case, and again to X-Forwarded-For where that is trusted", "addDOHLocal{earlyACLDrop}"),
    ]);

    public static readonly DnsdistTheme Objects = new("Frontends as objects",
    [
        .. Same("showBinds", "getBind", "getBindCount", "showTLSFrontends", "getTLSFrontend", "getTLSFrontendCount", "getDOHFrontend", "getDOHFrontendCount"),
        .. NotYet("/metrics has what it shows", "showDOHFrontends", "showDOHResponseCodes"),
        .. Different("renews backends' trust stores too; what fails keeps what it had, and ticket keys stay", "reloadAllCertificates"),
        .. Same("loadTicketsKey"),
        .. Same("frontend:getAddressAndPort", "frontend:loadTicketsKeys", "frontend:loadTicketsKey", "frontend:rotateTicketsKey", "frontend:getType", "frontend:toString"),
        .. Same("frontend:getEffectiveTLSProvider", "frontend:getConfiguredTLSProvider", "frontend:getRequestedTLSProvider"),
        .. Different("ticket keys stay, and what fails keeps what it had", "frontend:reloadCertificates"),
        .. NotYet("write the new files into the configuration, and reloadConfig()", "frontend:loadNewCertificatesAndKeys"),
        .. NotYet("answers are always sent: stop clients by the ACL", "frontend.muted"),
        .. Different("statuses are 200 to 599; a body that is empty stays so, where dnsdist says 'Internal Server Error'", "newDOHResponseMapEntry"),
        .. Same("frontend:setResponsesMap"),
        .. Never("there are no eBPF filters to attach", "frontend:attachFilter", "frontend:detachFilter"),
        .. Different("the older spelling of showTLSFrontends", "showTLSContexts"),
        .. Different("the older spelling of getTLSFrontend", "getTLSContext"),
    ]);
}
