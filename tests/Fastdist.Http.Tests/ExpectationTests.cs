using System;
using Fastdist.Fuzz.Http;
using Xunit;

namespace Fastdist.Http.Tests;

/// <summary>Clients that ask whether to send the body (RFC 9110 section 10.1.1).</summary>
[Trait("Row", "D4")]
public class ExpectationTests
{
    [Theory]
    [InlineData("100-continue")]
    [InlineData("100-Continue")]
    public void A_client_that_waits_is_told_to_go_on_when_its_header_fields_are_here(string expectation)
    {
        using var connection = Connection.Open();
        Assert.True(connection.Give(Asking(expectation, ends: false)));
        Assert.Equal("HEADERS 1 :status: 100", Assert.Single(connection.Output()));
        Assert.Null(connection.Take());

        Assert.True(connection.Give(Frames.Frame(Frames.Data, Frames.EndStream, 1, 1, 2)));
        Assert.Equal("0102", connection.Take()?.Body);
        Assert.True(connection.Answer(1, 7));
        Assert.StartsWith("HEADERS 1 :status: 200", connection.Output()[0], StringComparison.Ordinal);
    }

    [Fact]
    public void It_is_told_once_whatever_its_trailers_say()
    {
        using var connection = Connection.Open();
        connection.Give(Asking("100-continue", ends: false));
        connection.Drain();
        connection.Give(
            [
                .. Frames.Frame(Frames.Data, Frames.NoFlags, 1, 1),
                .. Frames.Frame(Frames.Headers, Frames.EndHeaders | Frames.EndStream, 1, [.. Hpack.Field("expect", "100-continue")]),
            ]);
        Assert.NotNull(connection.Take());
        Assert.Empty(connection.Output());
    }

    [Theory]
    [InlineData("100-continue", true)]
    [InlineData("200-ok", false)]
    [InlineData("", false)]
    public void Without_a_body_or_with_another_expectation_there_is_nothing_to_tell(string expectation, bool ends)
    {
        using var connection = Connection.Open();
        Assert.True(connection.Give(Asking(expectation, ends)));
        Assert.Empty(connection.Output());
    }

    private static byte[] Asking(string expectation, bool ends) => Frames.Frame(
        Frames.Headers, (byte)(Frames.EndHeaders | (ends ? Frames.EndStream : Frames.NoFlags)), 1,
        [.. Hpack.Method("POST"), .. Hpack.Target("/dns-query"), .. Hpack.Field("content-type", "application/dns-message"), .. Hpack.Field("expect", expectation)]);
}
