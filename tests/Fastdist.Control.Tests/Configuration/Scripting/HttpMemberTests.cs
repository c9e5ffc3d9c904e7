using System;
using System.Collections.Generic;
using System.Text;
using Fastdist.Control.Configuration.Objects.Questions;
using Fastdist.Dns;
using Fastdist.Ring;
using Fastdist.Rules.Actions;
using Fastdist.Rules.Chains;
using Fastdist.Rules.Selectors;
using Fastdist.Settings;
using Xunit;

namespace Fastdist.Control.Tests.Configuration.Scripting;

/// <summary>What functions see of a query's HTTP request.</summary>
public sealed class HttpMemberTests
{
    [Theory]
    [InlineData("/dns-query?dns=AAAA", "/dns-query", "?dns=AAAA")]
    [InlineData("/dns-query", "/dns-query", "")]
    [InlineData("/?", "/", "?")]
    [InlineData("", "", "")]
    public void A_target_is_a_path_and_a_query_string(string target, string path, string query)
    {
        var question = new Requested(target);
        Assert.Equal((path, query), (Encoding.ASCII.GetString(HttpMembers.Path(question)), Encoding.ASCII.GetString(HttpMembers.QueryString(question))));
    }

    [Fact]
    public void Host_scheme_and_headers_are_those_of_the_request()
    {
        var question = new Requested("/", (":authority", "dns.example"), (":scheme", "https"), ("user-agent", "x"));
        Assert.Equal(("dns.example", "https"), (HttpMembers.Host(question), HttpMembers.Scheme(question)));
        Assert.Equal([("user-agent", "x")], HttpMembers.Headers(question));
        Assert.Equal("old.example", HttpMembers.Host(new Requested("/", ("host", "old.example"))));
        Assert.Equal(("", "https"), (HttpMembers.Host(new Requested("/")), HttpMembers.Scheme(new Requested("/"))));
    }

    /// <summary>A query over HTTP, of which nothing else can be told.</summary>
    private sealed class Requested(string target, params (string, string)[] fields) : Question
    {
        private readonly byte[] _target = Encoding.ASCII.GetBytes(target);

        public override bool IsOpen => true;

        public override bool IsAnswer => false;

        public override ReadOnlySpan<byte> Message => default;

        public override int QuestionEnd => 0;

        public override Transport Transport => Transport.Https;

        public override SocketAddress Client => default;

        public override SocketAddress Local => default;

        public override string Interface => "";

        public override bool IsDnssecOk => false;

        public override ReadOnlySpan<byte> ServerName => default;

        public override bool HasRequest => true;

        public override ReadOnlySpan<byte> Target => _target;

        public override IReadOnlyList<(string Name, string Value)> Fields => fields;

        public override long Elapsed => 0;

        public override BackendOptions? Backend => null;

        public override bool SkipsCache { get; set; }

        public override string Pool => "";

        public override bool TellsSubnet { get; set; }

        public override bool ReplacesSubnet { get; set; }

        public override int SubnetPrefix { get; set; }

        public override uint? FailureTtl { get; set; }

        public override int Tags { get; set; }

        public override TagStore TagStore { get; } = new();

        public override bool TrySetPool(string name) => false;

        public override Span<byte> EditFlags() => default;

        public override Span<byte> Edit() => default;

        public override void EndEdit(int length)
        {
        }

        public override void SetOption(ushort code, ReadOnlySpan<byte> data)
        {
        }

        public override void SetExtendedError(ErrorNote note)
        {
        }

        public override void SetMostTtl(uint seconds)
        {
        }

        public override bool TryChangeName(DomainName name) => false;

        public override bool TryAnswer(IReadOnlyList<(RecordType Type, byte[] Data)> records, uint ttl) => false;

        public override bool TryAnswerNegative(NegativeAction negative) => false;

        public override bool TryAnswerHttp(int status, ReadOnlySpan<byte> body) => false;
    }
}
