using System;
using System.Collections.Generic;
using System.Linq;
using Fastdist.Options;
using Fastdist.Ring;
using Fastdist.Settings;
using Fastdist.Settings.Tables;
using Xunit;

namespace Fastdist.Tests;

/// <summary>Options that take one of a few words.</summary>
public class ChoiceOptionTests
{
    private const string Server = "192.0.2.1,validateCertificates=false";

    [Theory]
    [InlineData("openssl", BackendTransport.OpenSsl)]
    [InlineData("sslstream", BackendTransport.SslStream)]
    [InlineData("none", BackendTransport.None)]
    [InlineData("udp", BackendTransport.Udp)]
    public void Tls_says_how_queries_travel(string word, BackendTransport meaning) =>
        Assert.Equal(meaning, BackendOptionTable.Parse($"{Server},tls={word}").Tls);

    [Theory]
    [InlineData("auto", HealthCheckMode.Auto)]
    [InlineData("lazy", HealthCheckMode.Lazy)]
    [InlineData("up", HealthCheckMode.Up)]
    [InlineData("down", HealthCheckMode.Down)]
    public void HealthCheckMode_says_who_decides(string word, HealthCheckMode meaning) =>
        Assert.Equal(meaning, BackendOptionTable.Parse($"{Server},healthCheckMode={word}").HealthCheckMode);

    [Theory]
    [InlineData("true", true)]
    [InlineData("yes", true)]
    [InlineData("1", true)]
    [InlineData("false", false)]
    [InlineData("no", false)]
    [InlineData("0", false)]
    public void A_switch_of_a_backend_is_true_or_false(string word, bool meaning)
    {
        BackendOptions options = BackendOptionTable.Parse($"192.0.2.1,subjectName=a,validateCertificates={word},mustResolve={word},releaseBuffers={word},"
            + $"enableRenegotiation={word},padQueries={word},useClientSubnet={word},tcpFastOpen={word},ipBindAddrNoPort={word},setCD={word},lazyHealthCheckUseExponentialBackOff={word}");
        Assert.Equal(meaning, options.ValidateCertificates);
        Assert.Equal(meaning, options.MustResolve);
        Assert.Equal(meaning, options.ReleaseBuffers);
        Assert.Equal(meaning, options.EnableRenegotiation);
        Assert.Equal(meaning, options.PadQueries);
        Assert.Equal(meaning, options.UseClientSubnet);
        Assert.Equal(meaning, options.TcpFastOpen);
        Assert.Equal(meaning, options.IpBindAddrNoPort);
        Assert.Equal(meaning, options.SetCd);
        Assert.Equal(meaning, options.LazyHealthCheck.UseExponentialBackOff);
        Assert.Equal(meaning, CommandLine.Parse(["--ecs-override", word]).Settings.Proxy.EcsOverride);
    }

    [Fact]
    public void Answers_share_records_only_where_that_is_said()
    {
        Assert.False(TlsFrontendOptionTable.Parse("192.0.2.1,cert=/c.pem").Tls!.CoalesceAnswers);
        Assert.True(TlsFrontendOptionTable.Parse("192.0.2.1,cert=/c.pem,coalesceAnswers=true").Tls!.CoalesceAnswers);
        Assert.True(DohFrontendOptionTable.Parse("192.0.2.1,cert=/c.pem,coalesceAnswers=yes").Tls!.CoalesceAnswers);
    }

    [Theory]
    [InlineData("asked", ResponsePadding.Asked)]
    [InlineData("true", ResponsePadding.Edns)]
    [InlineData("yes", ResponsePadding.Edns)]
    [InlineData("false", ResponsePadding.None)]
    [Trait("Row", "D12")]
    public void PadResponses_says_which_answers(string word, ResponsePadding meaning) =>
        Assert.Equal(meaning, TlsFrontendOptionTable.Parse($"192.0.2.1,cert=/c.pem,padResponses={word}").Tls!.PadResponses);

    [Fact]
    [Trait("Row", "D12")]
    public void Another_word_for_padResponses_is_refused_with_those_that_are_known() => Assert.EndsWith(
        "padResponses=TRUE: expected asked, true or false",
        Assert.Throws<OptionException>(() => TlsFrontendOptionTable.Parse("192.0.2.1,cert=/c.pem,padResponses=TRUE")).Message);

    [Theory]
    [InlineData("leastOutstanding", PolicyKind.LeastOutstanding)]
    [InlineData("firstAvailable", PolicyKind.FirstAvailable)]
    [InlineData("roundrobin", PolicyKind.RoundRobin)]
    [InlineData("wrandom", PolicyKind.WeightedRandom)]
    [InlineData("whashed", PolicyKind.WeightedHash)]
    [InlineData("chashed", PolicyKind.ConsistentHash)]
    public void Policies_have_dnsdists_names(string word, PolicyKind meaning) =>
        Assert.Equal(meaning, CommandLine.Parse(["--policy", word]).Settings.Proxy.Policy);

    [Theory]
    [InlineData("auto", RingMode.Auto)]
    [InlineData("io_uring", RingMode.IoUring)]
    [InlineData("epoll", RingMode.Epoll)]
    public void Io_says_which_ring(string word, RingMode meaning) =>
        Assert.Equal(meaning, CommandLine.Parse(["--io", word]).Settings.Proxy.Io);

    [Theory]
    [InlineData("tls", "expected one of openssl, sslstream, none, udp")]
    [InlineData("healthCheckMode", "expected one of auto, lazy, up, down")]
    [InlineData("validateCertificates", "expected true or false")]
    [InlineData("mustResolve", "expected true or false")]
    [InlineData("releaseBuffers", "expected true or false")]
    [InlineData("enableRenegotiation", "expected true or false")]
    [InlineData("padQueries", "expected true or false")]
    [InlineData("useClientSubnet", "expected true or false")]
    [InlineData("useProxyProtocol", "expected true or false")]
    [InlineData("tcpFastOpen", "expected true or false")]
    public void Another_word_in_a_server_is_refused_with_those_that_are_known(string option, string expected)
    {
        foreach (string value in (string[])["", "sometimes", "TRUE", "OpenSSL", "2"])
        {
            string text = $"{Server},{option}={value}";
            var refusal = Assert.Throws<OptionException>(() => BackendOptionTable.Parse(text));
            Assert.Equal($"--server '{text}': {option}={value}: {expected}", refusal.Message);
        }
    }

    [Theory]
    [InlineData("policy", "expected one of leastOutstanding, firstAvailable, roundrobin, wrandom, whashed, chashed")]
    [InlineData("servfail-when-no-server", "expected true or false")]
    [InlineData("whashed-perturbation", "expected a whole number from 0 to 4294967295")]
    [InlineData("weighted-balancing-factor", "expected 0, or a number from 1 to 1000000 such as 1.25")]
    [InlineData("io", "expected one of auto, io_uring, epoll")]
    public void Another_word_of_a_flag_is_refused_with_those_that_are_known(string option, string expected)
    {
        foreach (string value in (string[])["", "sometimes", "RoundRobin", "Epoll"])
        {
            var refusal = Assert.Throws<OptionException>(() => CommandLine.Parse([$"--{option}", value]));
            Assert.Equal($"--{option} {value}: {expected}", refusal.Message);
        }
    }

    [Fact]
    public void Every_word_that_the_help_shows_is_taken()
    {
        foreach ((string option, string word) in Shown(BackendOptionTable.Table))
        {
            BackendOptionTable.Parse($"192.0.2.1,subjectName=a,{option}={word}");
        }

        foreach ((string option, string word) in Shown(TlsFrontendOptionTable.Table))
        {
            TlsFrontendOptionTable.Parse($"192.0.2.1,cert=/c.pem,{option}={word}");
        }

        foreach ((string option, string word) in Shown(ProcessOptionTable.Table))
        {
            CommandLine.Parse([$"--{option}", word]);
        }

        Assert.DoesNotContain(FrontendOptionTable.Table.Entries, e => e.Value.Contains('|', StringComparison.Ordinal));

        // NAME|N, the user and the group, and addresses and paths are placeholders and no words.
        static IEnumerable<(string Option, string Word)> Shown<T>(OptionTable<T> table) =>
            from entry in table.Entries
            where entry.Value.Contains('|', StringComparison.Ordinal) && entry.Value != "NAME|N" && !entry.Value.Contains("ADDR", StringComparison.Ordinal)
            from word in entry.Value.Split('|')
            select (entry.Name, word);
    }
}
