using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;
using Fastdist.Fuzz.Http;
using Fastdist.Shared;
using Xunit;

namespace Fastdist.Http.Tests;

/// <summary>Responses that an operator wrote.</summary>
public class FixedResponseTests
{
    [Fact]
    public void A_body_has_the_type_that_was_written()
    {
        Assert.Equal(
            [$"HEADERS 1 :status: 200 | {Connection.Date} | content-type: text/html | content-length: 2", "DATA 1 6869 END"],
            Sent(new FixedResponse(200, [.. "hi"u8], "text/html")));
    }

    [Theory]
    [InlineData(200, "")]
    [InlineData(404, "content-type: text/plain; charset=utf-8 | ")]
    [InlineData(503, "content-type: text/plain; charset=utf-8 | ")]
    public void Without_a_type_a_body_is_text_unless_all_is_well(int status, string type)
    {
        Assert.Equal([$"HEADERS 1 :status: {status} | {Connection.Date} | {type}content-length: 2", "DATA 1 6869 END"], Sent(new FixedResponse(status, [.. "hi"u8])));
    }

    [Theory]
    [InlineData(204, "")]
    [InlineData(304, "")]
    [InlineData(404, " | content-length: 0")]
    public void An_empty_body_has_no_type_and_where_there_can_be_none_no_length(int status, string length)
    {
        Assert.Equal([$"HEADERS 1 :status: {status} | {Connection.Date}{length} END"], Sent(new FixedResponse(status, [])));
    }

    [Theory]
    [InlineData(301)]
    [InlineData(302)]
    [InlineData(307)]
    [InlineData(308)]
    public void Of_a_redirection_the_content_is_where_it_goes_and_the_body_a_link(int status)
    {
        const string Page = "<!DOCTYPE html><TITLE>Moved</TITLE><P>The document has moved <A HREF=\"https://www.example.net/?a=1&amp;b=&quot;\">here</A>";
        Assert.Equal(
            [
                $"HEADERS 1 :status: {status} | {Connection.Date} | content-type: text/html; charset=utf-8 | content-length: {Page.Length} | location: https://www.example.net/?a=1&b=\"",
                $"DATA 1 {Convert.ToHexString(Encoding.ASCII.GetBytes(Page))} END",
            ],
            Sent(new FixedResponse(status, [.. "https://www.example.net/?a=1&b=\""u8])));
    }

    [Fact]
    public void Its_own_header_fields_stand_in_place_of_those_of_every_response_but_for_the_servers_name()
    {
        var options = new Http2Options { ExtraHeaders = [new("server", "fastdist"), new("x-served-by", "ns1")] };
        Assert.EndsWith(
            " | content-length: 1 | x-a: b | server: fastdist", Sent(new FixedResponse(200, [1], headers: [new("x-a", "b")]), options)[0], StringComparison.Ordinal);
        Assert.EndsWith(" | content-length: 1 | server: fastdist", Sent(new FixedResponse(200, [1], headers: []), options)[0], StringComparison.Ordinal);
        Assert.EndsWith(" | content-length: 1 | server: other", Sent(new FixedResponse(200, [1], headers: [new("server", "other")]), options)[0], StringComparison.Ordinal);
        Assert.EndsWith(" | content-length: 1 | server: fastdist | x-served-by: ns1", Sent(new FixedResponse(200, [1]), options)[0], StringComparison.Ordinal);
    }

    [Fact]
    public void Its_own_header_fields_may_tell_the_type()
    {
        Assert.EndsWith(
            $" | {Connection.Date} | content-length: 2 | content-type: image/png", Sent(new FixedResponse(404, [1, 2], headers: [new("content-type", "image/png")]))[0], StringComparison.Ordinal);
    }

    [Fact]
    public void As_many_fields_as_there_may_be_fit()
    {
        KeyValuePair<string, string>[] many = [.. Enumerable.Range(0, 16).Select(static n => new KeyValuePair<string, string>($"x-{n}", "v"))];
        using var connection = Connection.Open(new Http2Options { ExtraHeaders = [.. many.Take(15), new("server", "s")], Cors = new CorsPolicy(["*"]) });
        connection.Give(Frames.Get(1, "/"));
        Assert.NotNull(connection.Take());
        Assert.True(connection.Session.Respond(1, new FixedResponse(302, [.. "/b"u8], headers: many), connection.Now));
        Assert.Equal(5 + 1 + 16 + 1, connection.Output()[0].Split(" | ").Length);
    }

    [Fact]
    public void A_response_to_HEAD_has_the_length_of_the_body_but_not_the_body()
    {
        using var connection = Connection.Open();
        connection.Give(Frames.Frame(Frames.Headers, Frames.EndHeaders | Frames.EndStream, 1, [.. Hpack.Method("HEAD"), .. Hpack.Target("/")]));
        Assert.NotNull(connection.Take());
        Assert.True(connection.Session.Respond(1, new FixedResponse(200, [1, 2, 3]), connection.Now));
        Assert.Equal([$"HEADERS 1 :status: 200 | {Connection.Date} | content-length: 3 END"], connection.Output());
    }

    [Fact]
    public void The_largest_body_leaves_in_frames_and_holds_no_memory()
    {
        using var connection = Connection.Open();
        connection.Give([.. Frames.Update(0, 1 << 21), .. Frames.Get(1, "/"), .. Frames.Update(1, 1 << 21)]);
        Assert.NotNull(connection.Take());
        Assert.True(connection.Session.Respond(1, new FixedResponse(200, new byte[FixedResponse.MaxBody]), connection.Now));
        Assert.Equal(0, connection.Pool.HeldBytes);
        string[] lines = [.. connection.Output().Skip(1)];
        Assert.Equal(64, lines.Length);
        Assert.EndsWith("END", lines[^1], StringComparison.Ordinal);
        Assert.False(connection.Session.Respond(1, new FixedResponse(200, [1]), connection.Now));
    }

    [Fact]
    public void Sending_one_allocates_nothing()
    {
        using var connection = Connection.Open();
        var response = new FixedResponse(307, [.. "https://www.example.net/"u8], headers: [new("x-a", "b")]);
        byte[] buffer = new byte[4096];
        byte[] update = Frames.Update(0, 1000);
        byte[] request = Frames.Get(1, "/");
        int stream = 1;
        Allocations.AssertNone(() =>
        {
            for (int round = 0; round < 1000; round++, stream += 2)
            {
                System.Buffers.Binary.BinaryPrimitives.WriteInt32BigEndian(request.AsSpan(5), stream);
                connection.Session.Receive(request, round);
                connection.Session.TryTake(out _);
                connection.Session.Respond(stream, response, round);
                connection.Session.Send(buffer);
                connection.Session.Receive(update, round);
            }
        });
        Assert.Equal(0, connection.Session.OpenStreams);
    }

    [Theory]
    [InlineData(199, "", "", "199 is no status")]
    [InlineData(600, "", "", "600 is no status")]
    [InlineData(204, "a", "", "has no body")]
    [InlineData(304, "a", "", "has no body")]
    [InlineData(307, "", "", "needs where it goes")]
    [InlineData(307, "https://a.example/\r\nx-b: c", "", "needs where it goes")]
    [InlineData(307, "https://a.example/ b", "", "needs where it goes")]
    [InlineData(307, "https://\u00e4.example/", "", "needs where it goes")]
    [InlineData(200, "a", "text/html\r\nx-b: c", "is no type of a body")]
    [InlineData(200, "a", " text/html", "is no type of a body")]
    public void What_cannot_be_sent_is_refused(int status, string content, string type, string objection)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(content);
        Assert.Contains(objection, FixedResponse.Objection(status, bytes, type, headers: null), StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => new FixedResponse(status, bytes, type));
    }

    [Theory]
    [InlineData("X-A", "b", "is no name")]
    [InlineData("x-a", "b\n", "is no value")]
    [InlineData("content-length", "1", "told with every response")]
    [InlineData("location", "/b", "told with every response")]
    [InlineData("connection", "close", "no header field of HTTP/2")]
    public void A_header_field_that_cannot_be_sent_is_refused(string name, string value, string objection) =>
        Assert.Contains(objection, FixedResponse.Objection(307, "/a"u8, "", [new(name, value)]), StringComparison.Ordinal);

    [Fact]
    public void A_body_beyond_the_most_and_a_type_told_twice_are_refused()
    {
        Assert.NotNull(FixedResponse.Objection(200, new byte[FixedResponse.MaxBody + 1], "", headers: null));
        Assert.NotNull(FixedResponse.Objection(200, "a"u8, "text/html", [new("content-type", "text/plain")]));
    }

    [Fact]
    public void Two_that_say_the_same_are_equal()
    {
        var one = new FixedResponse(200, [1, 2], "text/html", [new("x-a", "b")]);
        Assert.Equal(one, new FixedResponse(200, [1, 2], "text/html", [new("x-a", "b")]));
        Assert.Equal(one.GetHashCode(), new FixedResponse(200, [1, 2], "text/html", [new("x-a", "b")]).GetHashCode());
        Assert.NotEqual(one, new FixedResponse(201, [1, 2], "text/html", [new("x-a", "b")]));
        Assert.NotEqual(one, new FixedResponse(200, [1, 3], "text/html", [new("x-a", "b")]));
        Assert.NotEqual(one, new FixedResponse(200, [1, 2], "text/plain", [new("x-a", "b")]));
        Assert.NotEqual(one, new FixedResponse(200, [1, 2], "text/html", [new("x-a", "c")]));
        Assert.NotEqual(new FixedResponse(200, [1]), new FixedResponse(200, [1], headers: []));
    }

    private static List<string> Sent(FixedResponse response, Http2Options? options = null)
    {
        using var connection = Connection.Open(options);
        connection.Give(Frames.Get(1, "/"));
        Assert.NotNull(connection.Take());
        Assert.True(connection.Session.Respond(1, response, connection.Now));
        return connection.Output();
    }
}
