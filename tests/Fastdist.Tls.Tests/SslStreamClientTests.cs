using System.Collections.Generic;
using System.Threading;
using Xunit;

namespace Fastdist.Tls.Tests;

/// <summary>What is the SslStream provider's own.</summary>
public sealed class SslStreamClientTests
{
    private static readonly TlsClientOptions s_plain = new() { Provider = TlsProvider.SslStream };

    public static IEnumerable<object[]> Impossible =>
    [
        ["ecdheCurves", s_plain with { Curves = "X25519" }],
        ["keyLogFile", s_plain with { KeyLog = new TlsKeyLog(_ => { }) }],
        ["session resumption", s_plain with { Sessions = new TlsSessionStore(() => 0) }],
        ["enableRenegotiation", s_plain with { AllowRenegotiation = true }],
        ["minTLSVersion=Tls11", s_plain with { MinVersion = TlsVersion.Tls11 }],
        ["maxTLSVersion=Tls11", s_plain with { MaxVersion = TlsVersion.Tls11 }],
    ];

    [Theory]
    [MemberData(nameof(Impossible))]
    public void An_option_that_SslStream_cannot_honour_is_an_error_that_names_both(string option, TlsClientOptions options)
    {
        string message = Assert.Throws<TlsConfigurationException>(() => TlsClientContext.Create(options)).Message;
        Assert.StartsWith(option, message);
        Assert.Contains("sslstream", message);
    }

    [Fact]
    public void A_second_handshake_is_a_full_one()
    {
        using var certificates = new TestCertificates();
        using TlsContext server = TestCertificates.Server(certificates.Issue());
        using TlsContext client = TlsClientContext.Create(s_plain with { SubjectName = TestCertificates.ServerName, Trust = certificates.Trust });
        for (int i = 0; i < 2; i++)
        {
            using var pair = new Pair(client, server);
            Assert.True(pair.Handshake());
            Assert.False(pair.Server.Session.IsResumed);
            Assert.False(pair.Client.Session.IsResumed);
        }
    }

    [Fact]
    public void A_session_stays_on_its_thread_whatever_context_that_has()
    {
        SynchronizationContext? before = SynchronizationContext.Current;
        SynchronizationContext.SetSynchronizationContext(new Elsewhere());
        try
        {
            using var pair = new Pair(provider: TlsProvider.SslStream) { InputChunk = 50 };
            Assert.True(pair.Handshake(), pair.Client.Session.Error);
            pair.Send(pair.Server, "answer"u8);
            pair.Receive(pair.Client);
            Assert.Equal("answer"u8, pair.Client.Opened.ToArray());
        }
        finally
        {
            SynchronizationContext.SetSynchronizationContext(before);
        }
    }

    /// <summary>A context that would take a session's work to another thread.</summary>
    private sealed class Elsewhere : SynchronizationContext;
}
