using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;
using Fastdist.Fuzz.Http;
using Fastdist.Http;
using Fastdist.Proxy.Frontends;
using Fastdist.Rules.Patterns;
using Fastdist.Rules.Responses;
using Fastdist.Settings;
using Fastdist.Shared;
using Xunit;

namespace Fastdist.Proxy.Tests.Frontends;

/// <summary>Requests that are answered in place of DNS.</summary>
public class ResponsesMapTests
{
    private static readonly DohFrontendOptions s_options = new()
    {
        Paths = ["/dns-query", "/coffee", "/tea"],
        ResponsesMap = [Entry("^/coffee$", 418, "no coffee"), Entry("^/(coffee|tea)$", 200, "tea")],
    };

    [Fact]
    public void The_first_entry_that_is_found_in_the_path_answers()
    {
        using ClientBench bench = With(s_options);
        Assert.Equal((1, "no coffee"), Ask(bench, Frames.Get(1, "/coffee?dns=AAAA")));
        Assert.Equal((1, "tea"), Ask(bench, Frames.Post(1, "/tea", 1, 2, 3)));
        Assert.Equal((2, 0), (bench.Counters[0].Doh!.MappedResponses, bench.Counters[0].Queries));
        Assert.Equal([0, 0, 1, 0, 1, 0], bench.Counters[0].Doh!.WrittenResponses);
    }

    [Fact]
    public void A_path_that_is_not_served_is_not_found_whatever_the_map_says()
    {
        using ClientBench bench = With(new DohFrontendOptions { ResponsesMap = [Entry("^/rfc$", 200, "here")] });
        Assert.NotEqual("here", Ask(bench, Frames.Get(1, "/rfc")).Body);
        Assert.Equal((1, 0), (bench.Counters[0].Doh!.Refusals[HttpStatus.NotFound], bench.Counters[0].Doh!.MappedResponses));
    }

    [Fact]
    public void What_no_entry_is_found_in_is_DNS()
    {
        using ClientBench bench = With(s_options);
        Caller caller = Begin(bench);
        caller.Send(Frames.Post(1, "/dns-query", ClientBench.Query(7)));
        Assert.Single(bench.Forwarded);
    }

    [Fact]
    public void Methods_that_are_not_served_are_not_answered_otherwise()
    {
        using ClientBench bench = With(s_options);
        Caller caller = Begin(bench);
        caller.Send(Frames.Frame(Frames.Headers, Frames.EndHeaders | Frames.EndStream, 1, [.. Hpack.Method("PUT"), .. Hpack.Target("/tea")]));
        bench.Settle();
        Assert.Equal(1, bench.Counters[0].Doh!.Refusals[HttpStatus.MethodNotAllowed]);
    }

    [Fact]
    public void Whom_a_trusted_balancer_names_has_to_pass_the_ACL_here_too()
    {
        using ClientBench bench = With(s_options with { TrustForwardedForHeader = true });
        Caller caller = Begin(bench);
        caller.Send(Frames.Frame(
            Frames.Headers, Frames.EndHeaders | Frames.EndStream, 1, [.. Hpack.Method("GET"), .. Hpack.Target("/tea"), .. Hpack.Field("x-forwarded-for", "203.0.113.9")]));
        bench.Settle();
        Assert.Equal((1, 0), (bench.Counters[0].Doh!.Refusals[HttpStatus.Forbidden], bench.Counters[0].Doh!.MappedResponses));
    }

    [Fact]
    public void To_look_for_an_entry_allocates_nothing()
    {
        var map = new ResponsesMap(s_options.ResponsesMap);
        using var pool = new Http2Pool();
        using var session = new Http2Session(new Http2Options(), pool);
        session.Receive([.. Frames.Opening, .. Frames.Get(1, "/tea?dns=AAAA")], 0);
        Assert.True(session.TryTake(out HttpRequest request));
        Allocations.AssertNone(() => session.TryTake(out _));
        long before = GC.GetAllocatedBytesForCurrentThread();
        FixedResponse? found = null;
        for (int round = 0; round < 1000; round++)
        {
            found = map.Find(in request);
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.Equal(200, found?.Status);
    }

    [Fact]
    public void Entries_that_say_the_same_change_no_settings()
    {
        var one = new FrontendOptions { Address = new(System.Net.IPAddress.Loopback, 443), Doh = s_options };
        FrontendOptions other = one with { Doh = s_options with { ResponsesMap = [Entry("^/coffee$", 418, "no coffee"), Entry("^/(coffee|tea)$", 200, "tea")] } };
        FrontendOptions third = one with { Doh = s_options with { ResponsesMap = [Entry("^/coffee$", 418, "no coffee")] } };
        Assert.Equal(one, other.With(one));
        Assert.NotEqual(one, third.With(one));
    }

    private static ClientBench With(DohFrontendOptions options) => new(ClientBench.With(ClientBench.Http with { Doh = options }));

    private static PatternResponse Entry(string pattern, int status, string content)
    {
        Assert.True(Pattern.TryParse(pattern, PatternSyntax.PosixExtended, out Pattern? path, out _));
        return new PatternResponse(path, new FixedResponse(status, Encoding.ASCII.GetBytes(content)));
    }

    private static (int Stream, string Body) Ask(ClientBench bench, byte[] request)
    {
        Caller caller = Begin(bench);
        caller.Send(request);
        bench.Settle();
        IEnumerable<(int, string)> bodies = DnsOverHttpTests.Bodies(caller).Select(static body => (body.Stream, Encoding.ASCII.GetString(body.Body)));
        return Assert.Single(bodies);
    }

    private static Caller Begin(ClientBench bench) => DnsOverHttpTests.Begin(bench);
}
