using System;
using System.Collections.Generic;
using System.Linq;
using Fastdist.Options;
using Fastdist.Settings;
using Fastdist.Settings.Tables;
using Xunit;

namespace Fastdist.Tests;

/// <summary>Every option that takes a number: its least and its most are taken, one less and one more are not.</summary>
public class NumberOptionTests
{
    private static readonly Range<FrontendOptions>[] s_frontend =
    [
        new("maxInFlight", 0, 65535, o => OneAtATime(o.MaxInFlight)),
        new("maxConcurrentTCPConnections", 0, 1 << 20, o => o.MaxConcurrentTcpConnections),
        new("tcpListenQueueSize", 1, int.MaxValue, o => o.TcpListenQueueSize),
        new("tcpFastOpenQueueSize", 0, 65535, o => o.TcpFastOpenQueueSize),
    ];

    private static readonly Range<FrontendOptions>[] s_tlsFrontend =
    [
        new("numberOfTicketsKeys", 0, 255, o => o.Tls!.TicketKeys.NumberOfKeys),
        new("ticketsKeysRotationDelay", 0, 604_800, o => o.Tls!.TicketKeys.RotationDelay ?? -1),
        new("sessionTimeout", 0, 604_800, o => o.Tls!.SessionTimeout),
        new("numberOfStoredSessions", 0, 1 << 20, o => o.Tls!.NumberOfStoredSessions),
        .. s_frontend,
    ];

    private static readonly Range<BackendOptions>[] s_backend =
    [
        new("sockets", 1, 4096, o => o.Sockets),
        new("udpTimeout", 1, 255, o => o.UdpTimeout),
        new("maxOutstandingQueries", 0, 1 << 20, o => o.MaxOutstandingQueries),
        new("dscp", 0, 63, o => o.Dscp),
        new("order", 0, int.MaxValue, o => o.Order),
        new("weight", 1, int.MaxValue, o => o.Weight),
        new("qps", 0, int.MaxValue, o => o.Qps),
        new("maxInFlight", 0, 65535, o => OneAtATime(o.MaxInFlight)),
        new("connections", 1, 65535, o => o.Connections),
        new("maxConcurrentTCPConnections", 0, 1 << 20, o => o.MaxConcurrentTcpConnections),
        new("spareConnections", 0, 64, o => o.SpareConnections),
        new("tcpConnectTimeout", 0, 3600, o => o.TcpConnectTimeout),
        new("tcpSendTimeout", 0, 3600, o => o.TcpSendTimeout),
        new("queryTimeout", 10, 600_000, o => o.QueryTimeout),
        new("silenceTimeout", 10, 600_000, o => o.SilenceTimeout),
        new("retries", 0, 100, o => o.Retries),
        new("checkInterval", 1, 86400, o => o.CheckInterval),
        new("checkTimeout", 10, 600_000, o => o.CheckTimeout),
        new("maxCheckFailures", 1, 255, o => o.MaxCheckFailures),
        new("rise", 1, 255, o => o.Rise),
        new("lazyHealthCheckSampleSize", 1, 65535, o => o.LazyHealthCheck.SampleSize),
        new("lazyHealthCheckMinSampleCount", 1, 65535, o => o.LazyHealthCheck.MinSampleCount),
        new("lazyHealthCheckThreshold", 1, 100, o => o.LazyHealthCheck.Threshold),
        new("lazyHealthCheckFailedInterval", 1, 86400, o => o.LazyHealthCheck.FailedInterval),
        new("lazyHealthCheckMaxBackOff", 1, 604_800, o => o.LazyHealthCheck.MaxBackOff),
    ];

    private static readonly Range<ProcessOptions>[] s_commandLine =
    [
        new("cache-max-entry-size", 12, 65535, s => Cache(s).MaxEntrySize),
        new("cache-max-ttl", 0, int.MaxValue, s => (int)Cache(s).MaxTtl),
        new("cache-min-ttl", 0, int.MaxValue, s => (int)Cache(s).MinTtl),
        new("cache-max-negative-ttl", 0, int.MaxValue, s => (int)Cache(s).MaxNegativeTtl),
        new("cache-failure-ttl", 0, int.MaxValue, s => (int)Cache(s).TemporaryFailureTtl),
        new("cache-truncated-ttl", 0, int.MaxValue, s => (int)Cache(s).TruncatedTtl),
        new("cache-stale-ttl", 0, int.MaxValue, s => (int)Cache(s).StaleTtl),
        new("cache-negative-share", 1, 100, s => Cache(s).NegativeShare),
        new("cache-stale-for", 0, int.MaxValue, s => (int)s.Proxy.StaleCacheEntriesTtl),
        new("cache-stale-client-timeout", 0, 600_000, s => s.Proxy.StaleAnswerClientTimeout),
        new("cache-cleaning-delay", 1, 86400, s => s.Proxy.CacheCleaningDelay),
        new("cache-cleaning-percentage", 0, 100, s => s.Proxy.CacheCleaningPercentage),
        new("shards", 1, 1024, s => s.Proxy.Shards),
        new("udp-max-size", 512, 65507, s => s.Proxy.UdpMaxSize),
        new("udp-receive-buffer", 4096, 1 << 30, s => s.Proxy.UdpReceiveBuffer),
        new("udp-send-buffer", 4096, 1 << 30, s => s.Proxy.UdpSendBuffer),
        new("max-in-flight", 1, 1 << 24, s => s.Proxy.MaxInFlight),
        new("max-tcp-connections", 1, 1 << 20, s => s.Proxy.ClientLimits.MaxConnections),
        new("max-tcp-connections-per-client", 0, 1 << 20, s => s.Proxy.ClientLimits.MaxConnectionsPerClient),
        new("max-tcp-connection-rate-per-client", 0, 1 << 20, s => s.Proxy.ClientLimits.MaxConnectionRatePerClient),
        new("max-tls-new-session-rate-per-client", 0, 1 << 20, s => s.Proxy.ClientLimits.MaxTlsNewSessionRatePerClient),
        new("max-tls-resumed-session-rate-per-client", 0, 1 << 20, s => s.Proxy.ClientLimits.MaxTlsResumedSessionRatePerClient),
        new("tcp-rate-burst", 1, 3600, s => s.Proxy.ClientLimits.RateBurstSeconds),
        new("ban-duration-for-exceeding-tcp-tls-rate", 0, 86400, s => s.Proxy.ClientLimits.BanSecondsForRate),
        new("max-tcp-read-ios-per-query", 0, 65535, s => s.Proxy.ClientLimits.MaxReadIosPerQuery),
        new("ban-duration-for-exceeding-max-read-ios-per-query", 0, 86400, s => s.Proxy.ClientLimits.BanSecondsForReadIos),
        new("tcp-connections-mask-v4", 0, 32, s => s.Proxy.ClientLimits.MaskV4),
        new("tcp-connections-mask-v6", 0, 128, s => s.Proxy.ClientLimits.MaskV6),
        new("tcp-connections-mask-v4-port", 0, 16, s => s.Proxy.ClientLimits.MaskV4Port),
        new("max-tcp-queries-per-connection", 0, int.MaxValue, s => s.Proxy.MaxTcpQueriesPerConnection),
        new("max-tcp-connection-duration", 0, int.MaxValue, s => s.Proxy.MaxTcpConnectionDuration),
        new("tcp-idle-timeout", 0, 86400, s => s.Proxy.TcpIdleTimeout),
        new("tls-idle-timeout", 0, 86400, s => s.Proxy.TlsIdleTimeout),
        new("tls-handshake-timeout", 1, 3600, s => s.Proxy.TlsHandshakeTimeout),
        new("max-handshake-time", 1, 1_000_000, s => s.Proxy.MaxHandshakeTime),
        new("tcp-recv-timeout", 0, 3600, s => s.Proxy.TcpReceiveTimeout),
        new("tcp-send-timeout", 0, 3600, s => s.Proxy.TcpSendTimeout),
        new("ecs-source-prefix-v4", 0, 32, s => s.Proxy.EcsSourcePrefixV4),
        new("ecs-source-prefix-v6", 0, 128, s => s.Proxy.EcsSourcePrefixV6),
        new("outgoing-tls-sessions-cache-max-tickets-per-backend", 0, 65535, s => s.Proxy.OutgoingTlsSessionsMaxTickets),
        new("outgoing-tls-sessions-cache-max-ticket-validity", 1, 604_800, s => s.Proxy.OutgoingTlsSessionsMaxTicketValidity),
        new("outgoing-tls-sessions-cache-cleanup-delay", 1, 86400, s => s.Proxy.OutgoingTlsSessionsCleanupDelay),
        new("max-turn", 1, 16384, s => s.Proxy.MaxTurn),
        new("shutdown-timeout", 0, 600_000, s => s.Proxy.ShutdownTimeout),
        new("console-max-connections", 0, 65535, s => s.Console.MaxConnections),
        new("console-output-max-msg-size", 1024, 1 << 30, s => s.Console.MaxReply),
        new("webserver-max-concurrent-connections", 1, 65535, s => s.Web.MaxConcurrentConnections),
    ];

    public static TheoryData<string> FrontendOptionNames => [.. s_frontend.Select(r => r.Option)];

    public static TheoryData<string> TlsFrontendOptionNames => [.. s_tlsFrontend.Select(r => r.Option)];

    public static TheoryData<string> BackendOptionNames => [.. s_backend.Select(r => r.Option)];

    public static TheoryData<string> FlagNames => [.. s_commandLine.Select(r => r.Option)];

    /// <summary>Written where no number is meant, or not as a whole one in decimal digits.</summary>
    private static string[] NoNumbers => ["", " ", "-1", "+5", " 5", "5 ", "5.0", "5,0", "0x10", "1e2", "ten", "99999999999999999999", "٣"];

    /// <summary>The cache of the default pool, which need not have entries yet.</summary>
    private static CacheOptions Cache(ProcessOptions settings) => settings.Proxy.Pools.FirstOrDefault()?.Cache ?? new CacheOptions { MaxEntries = 0 };

    [Fact]
    public void No_option_that_takes_a_number_is_left_out_here()
    {
        Assert.Equal(Numbers(FrontendOptionTable.Table), s_frontend.Select(r => r.Option));
        Assert.Equal(Numbers(TlsFrontendOptionTable.Table), s_tlsFrontend.Select(r => r.Option));
        Assert.Equal(Numbers(BackendOptionTable.Table), s_backend.Select(r => r.Option));
        Assert.Equal(Numbers(ProcessOptionTable.Table), s_commandLine.Select(r => r.Option));

        static IEnumerable<string> Numbers<T>(OptionTable<T> table) => table.Entries.Where(e => e.Value == "N").Select(e => e.Name);
    }

    [Theory]
    [MemberData(nameof(FrontendOptionNames))]
    public void A_frontend_option_takes_its_range_and_nothing_else(string name) =>
        Check(s_frontend, name, "192.0.2.1:5300", text => FrontendOptionTable.Parse(text), "--local");

    [Theory]
    [MemberData(nameof(TlsFrontendOptionNames))]
    public void A_tls_frontend_option_takes_its_range_and_nothing_else(string name) =>
        Check(s_tlsFrontend, name, "192.0.2.1:8853,cert=/c.pem", text => TlsFrontendOptionTable.Parse(text), "--tls-local");

    [Theory]
    [MemberData(nameof(BackendOptionNames))]
    public void A_backend_option_takes_its_range_and_nothing_else(string name) =>
        Check(s_backend, name, "192.0.2.1,tls=none", text => BackendOptionTable.Parse(text), "--server");

    [Theory]
    [MemberData(nameof(FlagNames))]
    public void A_flag_takes_its_range_and_nothing_else(string name)
    {
        Range<ProcessOptions> range = s_commandLine.Single(r => r.Option == name);
        Assert.Equal(range.Least, range.Read(Parse(range.Least.ToString())));
        Assert.Equal(range.Most, range.Read(Parse(range.Most.ToString())));
        foreach (string value in (string[])[$"{range.Least - 1L}", $"{range.Most + 1L}", .. NoNumbers])
        {
            var refusal = Assert.Throws<OptionException>(() => Parse(value));
            Assert.Equal($"--{name} {value}: expected a whole number from {range.Least} to {range.Most}", refusal.Message);
        }

        ProcessOptions Parse(string value) => CommandLine.Parse([$"--{name}", value]).Settings;
    }

    private static void Check<T>(Range<T>[] ranges, string name, string prefix, Func<string, T> parse, string flag)
    {
        Range<T> range = ranges.Single(r => r.Option == name);
        Assert.Equal(range.Least, range.Read(parse($"{prefix},{name}={range.Least}")));
        Assert.Equal(range.Most, range.Read(parse($"{prefix},{name}={range.Most}")));

        // A comma ends the option, so that no value can hold one.
        foreach (string value in (string[])[$"{range.Least - 1L}", $"{range.Most + 1L}", .. NoNumbers.Where(v => !v.Contains(','))])
        {
            string text = $"{prefix},{name}={value}";
            var refusal = Assert.Throws<OptionException>(() => parse(text));
            Assert.Equal($"{flag} '{text}': {name}={value}: expected a whole number from {range.Least} to {range.Most}", refusal.Message);
        }
    }

    // dnsdist's 0 stands for one.
    private static int OneAtATime(int queries) => queries == 1 ? 0 : queries;

    private sealed record Range<T>(string Option, int Least, int Most, Func<T, int> Read);
}
