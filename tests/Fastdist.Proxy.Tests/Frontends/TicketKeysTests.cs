using System;
using System.Collections.Generic;
using Fastdist.Proxy.Frontends;
using Fastdist.Settings;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace Fastdist.Proxy.Tests.Frontends;

/// <summary>Ticket keys when frontends come, go and change.</summary>
public class TicketKeysTests
{
    private static readonly FrontendOptions s_own = ClientBench.Plain with { Tls = new TlsFrontendOptions { TicketKeys = new TicketKeyOptions { NumberOfKeys = 3 } } };

    [Fact]
    public void Frontends_of_equal_settings_share_keys_also_with_those_that_were_there_before()
    {
        var keys = new TicketKeys(TimeProvider.System, NullLogger.Instance);
        keys.Keep(keys.Prepare([ClientBench.Secure]));
        TicketKeySource? before = keys.SourceOf(ClientBench.Secure);
        IReadOnlyDictionary<TicketKeyOptions, TicketKeySource> next = keys.Prepare([ClientBench.Secure with { MaxInFlight = 7 }, ClientBench.Secure, s_own]);
        Assert.Equal(2, next.Count);
        Assert.Null(keys.SourceOf(s_own));
        keys.Keep(next);
        Assert.Same(before, keys.SourceOf(ClientBench.Secure));
        Assert.NotSame(before, keys.SourceOf(s_own));
    }

    [Fact]
    public void Keys_that_no_frontend_has_are_dropped()
    {
        var keys = new TicketKeys(TimeProvider.System, NullLogger.Instance);
        keys.Keep(keys.Prepare([ClientBench.Secure, s_own]));
        keys.Keep(keys.Prepare([s_own]));
        Assert.Null(keys.SourceOf(ClientBench.Secure));
        Assert.NotNull(keys.SourceOf(s_own));
    }
}
