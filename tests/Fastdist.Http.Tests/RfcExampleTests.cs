using System;
using System.Collections.Generic;
using System.Linq;
using Fastdist.Fuzz.Http;
using Xunit;

namespace Fastdist.Http.Tests;

public class RfcExampleTests
{
    // RFC 8484 section 4.1.1.
    private const string Query = "00000100000100000000000003777777076578616D706C6503636F6D0000010001";
    private const string LongQuery =
        "000001000001000000000000" + "0161" + "3E3632636861726163746572" + "6C6162656C2D6D616B65732D62617365363475726C2D64697374696E6374" +
        "2D66726F6D2D7374616E646172642D626173653634" + "076578616D706C65" + "03636F6D00" + "00010001";

    private static readonly DohPaths s_paths = new(["/dns-query"], true);

    [Theory]
    [InlineData("AAABAAABAAAAAAAAA3d3dwdleGFtcGxlA2NvbQAAAQAB", Query)]
    [InlineData(
        "AAABAAABAAAAAAAAAWE-NjJjaGFyYWN0ZXJsYWJlbC1tYWtlcy1iYXNlNjR1cmwtZGlzdGluY3QtZnJvbS1zdGFuZGFyZC1iYXNlNjQHZXhhbXBsZQNjb20AAAEAAQ", LongQuery)]
    public void The_gets_of_RFC_8484(string text, string expected)
    {
        byte[] fields =
        [
            .. Hpack.Field(":method", "GET"), .. Hpack.Field(":scheme", "https"), .. Hpack.Field(":authority", "dnsserver.example.net"),
            .. Hpack.Field(":path", "/dns-query?dns=" + text), .. Hpack.Field("accept", "application/dns-message"),
        ];
        using var connection = Connection.Open();
        Assert.True(connection.Give(Frames.Frame(Frames.Headers, Frames.EndHeaders | Frames.EndStream, 1, fields)));
        Assert.Equal(expected, Message(connection));
    }

    [Fact]
    public void The_post_of_RFC_8484()
    {
        byte[] fields =
        [
            .. Hpack.Field(":method", "POST"), .. Hpack.Field(":scheme", "https"), .. Hpack.Field(":authority", "dnsserver.example.net"),
            .. Hpack.Field(":path", "/dns-query"), .. Hpack.Field("accept", "application/dns-message"),
            .. Hpack.Field("content-type", "application/dns-message"), .. Hpack.Field("content-length", "33"),
        ];
        using var connection = Connection.Open();
        Assert.True(connection.Give(Frames.Frame(Frames.Headers, Frames.EndHeaders, 1, fields)));
        Assert.Null(connection.Take());
        Assert.True(connection.Give(Frames.Frame(Frames.Data, Frames.EndStream, 1, Convert.FromHexString(Query))));
        Assert.Equal(Query, Message(connection));
    }

    [Fact]
    public void The_response_of_RFC_8484()
    {
        const string Answer =
            "00008180000100010000000003777777076578616D706C6503636F6D00001C0001" + "C00C001C000100000E7D001020010DB8ABCD00120001000200030004";
        using var connection = Connection.Open();
        connection.Give(Frames.Get(1, Connection.Target));
        Assert.NotNull(connection.Take());
        Assert.True(connection.Session.Respond(1, Connection.Ok with { MaxAge = 3709 }, Convert.FromHexString(Answer), connection.Now));
        Assert.Equal(
            [
                $"HEADERS 1 :status: 200 | content-type: application/dns-message | content-length: 61 | {Connection.Date} | cache-control: max-age=3709",
                $"DATA 1 {Answer} END",
            ],
            connection.Output());
    }

    /// <summary>RFC 7541 appendix C.3, and C.4 in Huffman code: three requests that lean on the table of the ones before.</summary>
    [Theory]
    [InlineData(
        "828684410F7777772E6578616D706C652E636F6D", "828684BE58086E6F2D6361636865", "828785BF400A637573746F6D2D6B65790C637573746F6D2D76616C7565")]
    [InlineData("828684418CF1E3C2E5F23A6BA0AB90F4FF", "828684BE5886A8EB10649CBF", "828785BF408825A849E95BA97D7F8925A849E95BB8E8B4BF")]
    public void The_requests_of_RFC_7541(string first, string second, string third)
    {
        using var connection = Connection.Open();
        int stream = 1;
        foreach (string block in (string[])[first, second, third])
        {
            Assert.True(connection.Give(Frames.Frame(Frames.Headers, Frames.EndHeaders | Frames.EndStream, stream, Convert.FromHexString(block))));
            stream += 2;
        }

        List<Request> requests = connection.TakeAll();
        Assert.Equal([1, 3, 5], requests.Select(request => request.StreamId));
        Assert.Equal(["/", "/", "/index.html"], requests.Select(request => request.Target));
        Assert.All(requests, request => Assert.Equal(HttpMethod.Get, request.Method));
    }

    private static string Message(Connection connection)
    {
        Assert.True(connection.Session.TryTake(out HttpRequest request));
        Assert.Equal(HttpStatus.Ok, s_paths.Read(in request, new byte[65_535], out ReadOnlySpan<byte> message));
        return Convert.ToHexString(message);
    }
}
