using System;
using System.Globalization;
using System.Text;
using Xunit;

namespace Fastdist.Http.Tests;

public class Http1Tests
{
    [Theory]
    [InlineData("GET / HTTP/1.1\r\n")]
    [InlineData("POST /dns-query HTTP/1.1\r\n")]
    [InlineData("PUT / HTTP/1.0\r\n")]
    [InlineData("PROPFIND / HTTP/1.1\r\n")]
    [InlineData("OPTIONS * HTTP/1.1\r\n")]
    [InlineData("PRI * HTTP/1.1\r\n")]
    [InlineData("GET http://page.example/ HTTP/1.1\r\n")]
    [InlineData("HEAD")]
    [InlineData("HEAD ")]
    public void A_request_line_is_HTTP_1(string text) => Ends(Encoding.ASCII.GetBytes(text), Http2End.Http1);

    [Theory]
    [InlineData("get / http/1.1\r\n")]
    [InlineData("hello\r\n")]
    [InlineData(" GET /")]
    [InlineData("INVALID CONNECTION PREFACE\r\n\r\n")]
    [InlineData("PRIx")]
    [InlineData("ABCDEFGHIJKLMNOPQRSTUVWXYZ / HTTP/1.1\r\n")]
    public void Other_text_is_not_HTTP(string text) => Ends(Encoding.ASCII.GetBytes(text), Http2End.NotHttp);

    [Theory]
    [InlineData("16030100F8010000F40303")]
    [InlineData("001D123401000001000000000000")]
    [InlineData("00")]
    [InlineData("FFFFFFFF")]
    public void TLS_DNS_over_TCP_and_other_bytes_are_not_HTTP(string hex) => Ends(Convert.FromHexString(hex), Http2End.NotHttp);

    [Fact]
    public void The_preface_may_come_byte_by_byte_and_a_request_line_be_split_anywhere()
    {
        byte[] line = Encoding.ASCII.GetBytes("PRI * HTTP/1.1\r\n\r\n");
        for (int split = 1; split < 12; split++)
        {
            using var connection = Connection.Silent();
            for (int i = 0; i < split; i++)
            {
                Assert.True(connection.Give(line[i]));
            }

            Assert.False(connection.Give(line.AsSpan(split)));
            Assert.Equal(Http2End.Http1, connection.Session.End);
        }
    }

    [Theory]
    [InlineData("P", "OST / HTTP/1.1")]
    [InlineData("PR", "OPFIND / HTTP/1.1")]
    public void A_method_that_begins_like_the_preface_is_seen_across_the_split(string first, string second)
    {
        using var connection = Connection.Silent();
        Assert.True(connection.Give(Encoding.ASCII.GetBytes(first)));
        Assert.False(connection.Give(Encoding.ASCII.GetBytes(second)));
        Assert.Equal(Http2End.Http1, connection.Session.End);
    }

    [Fact]
    public void Nothing_is_nothing()
    {
        using var connection = Connection.Silent();
        Assert.True(connection.Give());
        Assert.Equal(Http2End.None, connection.Session.End);
    }

    [Fact]
    public void The_refusal_is_as_long_as_it_says()
    {
        string[] parts = Encoding.ASCII.GetString(Http1.Refusal).Split("\r\n\r\n");
        Assert.StartsWith("HTTP/1.1 505 ", parts[0], StringComparison.Ordinal);
        Assert.Contains("\r\nConnection: close", parts[0], StringComparison.Ordinal);
        int body = Http1.Refusal.Length - parts[0].Length - 4;
        Assert.Contains(string.Create(CultureInfo.InvariantCulture, $"\r\nContent-Length: {body}\r\n"), parts[0], StringComparison.Ordinal);
    }

    private static void Ends(byte[] bytes, Http2End end)
    {
        using var connection = Connection.Silent();
        Assert.False(connection.Give(bytes));
        Assert.Equal(end, connection.Session.End);
        Assert.True(connection.Session.IsOver);
        Assert.True(connection.Session.IsSettled);
        Assert.Empty(connection.Output());
        Assert.False(connection.Give(bytes));
        Assert.Null(connection.Take());
        connection.Session.Finish();
        Assert.Equal(end, connection.Session.End);
        Assert.Empty(connection.Output());
    }
}
