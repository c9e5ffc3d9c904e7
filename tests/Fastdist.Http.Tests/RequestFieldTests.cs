using System;
using System.Collections.Generic;
using System.Text;
using Fastdist.Fuzz.Http;
using Xunit;

namespace Fastdist.Http.Tests;

/// <summary>What can be read of a request's target and header fields.</summary>
public class RequestFieldTests
{
    private static readonly Http2Options s_keeping = new() { KeepsFields = true };

    [Fact]
    public void All_header_fields_are_kept_in_their_order_where_that_is_wanted()
    {
        using var connection = Connection.Open(s_keeping);
        connection.Give(Asking([.. Hpack.Field("x-a", "1"), .. Hpack.Field("x-empty", ""), .. Hpack.Field("x-a", "2")]));

        Assert.True(connection.Session.TryTake(out HttpRequest request));
        Assert.Equal(
            [":method=GET", ":scheme=https", ":authority=dnsserver.example.net", $":path={Connection.Target}", "x-a=1", "x-empty=", "x-a=2"], All(in request));
        Assert.True(request.TryGetField("x-a"u8, out ReadOnlySpan<byte> value));
        Assert.Equal("1", Encoding.ASCII.GetString(value));
        Assert.False(request.TryGetField("x-b"u8, out value));
        Assert.True(value.IsEmpty);
    }

    [Fact]
    public void No_field_is_kept_otherwise()
    {
        using var connection = Connection.Open();
        connection.Give(Asking(Hpack.Field("x-a", "1")));

        Assert.True(connection.Session.TryTake(out HttpRequest request));
        Assert.Empty(All(in request));
        Assert.False(request.TryGetField("x-a"u8, out _));
    }

    [Fact]
    public void Trailers_are_none_of_the_fields()
    {
        using var connection = Connection.Open(s_keeping);
        connection.Give(
        [
            .. Frames.PostHeaders(1, Connection.Path), .. Frames.Frame(Frames.Data, Frames.NoFlags, 1, [1]),
            .. Frames.Frame(Frames.Headers, Frames.EndHeaders | Frames.EndStream, 1, Hpack.Field("x-late", "1")),
        ]);

        Assert.True(connection.Session.TryTake(out HttpRequest request));
        Assert.True(request.TryGetField("content-type"u8, out _));
        Assert.False(request.TryGetField("x-late"u8, out _));
    }

    [Fact]
    public void A_stream_that_is_used_again_has_its_own_fields_only()
    {
        using var connection = Connection.Open(s_keeping);
        connection.Give(Asking(Hpack.Field("x-a", "1")));
        Assert.True(connection.Session.TryTake(out _));
        Assert.True(connection.Answer(1, 1));
        connection.Drain();
        connection.Give(Frames.Get(3, "/b"));

        Assert.True(connection.Session.TryTake(out HttpRequest request));
        Assert.False(request.TryGetField("x-a"u8, out _));
        Assert.Equal("dnsserver.example.net", Encoding.ASCII.GetString(request.Host));
    }

    [Fact]
    public void Fields_that_are_kept_count_as_what_the_request_holds_and_are_free_once_it_is_answered()
    {
        using var pool = new Http2Pool { RequestBudget = 4_000 };
        using (Connection connection = Connection.Open(s_keeping, pool))
        {
            connection.Give(Asking(Hpack.Field("x-a", new string('a', 3_000))));
            Assert.True(connection.Session.TryTake(out HttpRequest request));
            Assert.False(request.IsOverBudget);
            Assert.InRange(pool.RequestBytes, 3_000, 3_500);

            connection.Give(Asking(Hpack.Field("x-a", new string('a', 3_000)), stream: 3));
            Assert.True(connection.Session.TryTake(out request));
            Assert.True(request.IsOverBudget);
            Assert.False(request.TryGetField("x-a"u8, out _));
            Assert.InRange(pool.RequestBytes, 3_000, 4_000);

            Assert.True(connection.Answer(1, 1));
            Assert.True(connection.Answer(3, 1));
            Assert.Equal(0, pool.RequestBytes);
        }
    }

    [Fact]
    public void A_small_request_with_few_fields_is_taken_in_without_any_budget()
    {
        using var pool = new Http2Pool { RequestBudget = 0 };
        using Connection connection = Connection.Open(s_keeping, pool);
        connection.Give(Asking(Hpack.Field("x-a", new string('a', 700))));

        Assert.True(connection.Session.TryTake(out HttpRequest request));
        Assert.False(request.IsOverBudget);
        Assert.True(request.TryGetField("x-a"u8, out _));
    }

    [Fact]
    public void No_more_is_kept_than_header_fields_may_have()
    {
        using var connection = Connection.Open(new Http2Options { KeepsFields = true, MaxHeaderSize = 1024 });
        connection.Give(Asking([.. Hpack.Field("x-a", new string('a', 600)), .. Hpack.Field("x-b", new string('b', 600)), .. Hpack.Field("x-c", "c")]));

        Assert.True(connection.Session.TryTake(out HttpRequest request));
        Assert.True(request.IsHeaderTooLarge);
        Assert.True(request.TryGetField("x-a"u8, out _));
        Assert.False(request.TryGetField("x-b"u8, out _));
        Assert.False(request.TryGetField("x-c"u8, out _));
    }

    [Theory]
    [InlineData("/dns-query?dns=AAAA&a=b", "/dns-query", "?dns=AAAA&a=b")]
    [InlineData("/dns-query?", "/dns-query", "?")]
    [InlineData("/a?b?c", "/a", "?b?c")]
    [InlineData("/%41", "/%41", "")]
    public void A_target_is_a_path_and_what_follows_it(string target, string path, string query)
    {
        using var connection = Connection.Open();
        connection.Give(Frames.Get(1, target));

        Assert.True(connection.Session.TryTake(out HttpRequest request));
        Assert.Equal((path, query), (Encoding.ASCII.GetString(request.Path), Encoding.ASCII.GetString(request.Query)));
    }

    [Theory]
    [InlineData("https", "https")]
    [InlineData("http", "http")]
    [InlineData("gopher", "")]
    public void The_scheme_is_one_of_two(string scheme, string expected)
    {
        using var connection = Connection.Open();
        connection.Give(Frames.Frame(
            Frames.Headers, Frames.EndHeaders | Frames.EndStream, 1,
            [.. Hpack.Method("GET"), .. Hpack.Field(":scheme", scheme), .. Hpack.Field(":authority", "a.example:8443"), .. Hpack.Field(":path", "/")]));

        Assert.True(connection.Session.TryTake(out HttpRequest request));
        Assert.Equal((expected, "a.example:8443"), (Encoding.ASCII.GetString(request.Scheme), Encoding.ASCII.GetString(request.Host)));
    }

    [Fact]
    public void Who_asks_without_authority_says_in_a_field_whom()
    {
        using var connection = Connection.Open();
        connection.Give(Frames.Frame(
            Frames.Headers, Frames.EndHeaders | Frames.EndStream, 1,
            [.. Hpack.Method("GET"), .. Hpack.Field(":scheme", "https"), .. Hpack.Field(":path", "/"), .. Hpack.Field("host", "b.example")]));

        Assert.True(connection.Session.TryTake(out HttpRequest request));
        Assert.Equal("b.example", Encoding.ASCII.GetString(request.Host));
    }

    private static byte[] Asking(byte[] more, int stream = 1) =>
        Frames.Frame(Frames.Headers, Frames.EndHeaders | Frames.EndStream, stream, [.. Hpack.Method("GET"), .. Hpack.Target(Connection.Target), .. more]);

    private static List<string> All(in HttpRequest request)
    {
        List<string> fields = [];
        foreach (HttpField field in request.Fields)
        {
            fields.Add($"{Encoding.Latin1.GetString(field.Name)}={Encoding.Latin1.GetString(field.Value)}");
        }

        return fields;
    }
}
