using System;
using System.Text;
using Fastdist.Fuzz.Http;
using Xunit;

namespace Fastdist.Http.Tests;

public class DohPathsTests
{
    private static readonly DohPaths s_exact = new(["/dns-query", "/second"], true);
    private static readonly DohPaths s_prefix = new(["/dns-query", "/below/"], false);
    private readonly byte[] _scratch = new byte[65_535];

    [Theory]
    [InlineData("/dns-query", true, true)]
    [InlineData("/second", true, false)]
    [InlineData("/dns-query/", false, true)]
    [InlineData("/dns-query/a/b", false, true)]
    [InlineData("/dns-queryx", false, false)]
    [InlineData("/dns-quer", false, false)]
    [InlineData("/DNS-QUERY", false, false)]
    [InlineData("/", false, false)]
    [InlineData("/below/", false, true)]
    [InlineData("/below/x", false, true)]
    [InlineData("/below", false, false)]
    public void A_path_is_served_exactly_or_with_what_is_below_it(string path, bool exact, bool prefix)
    {
        Assert.Equal(exact ? HttpStatus.Ok : HttpStatus.NotFound, Status(s_exact, Frames.Get(1, path + "?dns=AAAA")));
        Assert.Equal(prefix ? HttpStatus.Ok : HttpStatus.NotFound, Status(s_prefix, Frames.Get(1, path + "?dns=AAAA")));
        Assert.Equal(exact ? HttpStatus.Ok : HttpStatus.NotFound, Status(s_exact, Frames.Post(1, path, 1)));
        Assert.Equal(prefix ? HttpStatus.Ok : HttpStatus.NotFound, Status(s_prefix, Frames.Post(1, path + "?x", 1)));
    }

    [Theory]
    [InlineData("?dns=AAEC", "000102")]
    [InlineData("?dns=-_-_", "FBFFBF")]
    [InlineData("?x=1&dns=AAEC", "000102")]
    [InlineData("?dns=AAEC&x=1", "000102")]
    [InlineData("?dns=AAEC&dns=AAAA", "000102")]
    [InlineData("?&&dns=AAEC", "000102")]
    [InlineData("?dns=AAE", "0001")]
    [InlineData("?dns=AAE=", "0001")]
    public void The_first_dns_parameter_is_the_message(string query, string expected)
    {
        Assert.Equal(HttpStatus.Ok, Status(s_exact, Frames.Get(1, "/dns-query" + query), out string message));
        Assert.Equal(expected, message);
    }

    [Theory, Trait("Row", "D5")]
    [InlineData("?dns=AA%45C", "000102")]
    [InlineData("?dns=%41%41%45%43", "000102")]
    [InlineData("?dns=%2D_%2d%5F", "FBFFBF")]
    [InlineData("?dns=AAE%3D", "0001")]
    [InlineData("?dns=AA%3d%3D", "00")]
    [InlineData("?%64n%73=AAEC", "000102")]
    [InlineData("?x=%26dns%3DAAAA&dns=AAEC", "000102")]
    [InlineData("?dns&dns=AAEC", "000102")]
    public void Names_and_values_of_the_query_may_be_percent_encoded(string query, string expected)
    {
        Assert.Equal(HttpStatus.Ok, Status(s_exact, Frames.Get(1, "/dns-query" + query), out string message));
        Assert.Equal(expected, message);
    }

    [Theory, Trait("Row", "D5")]
    [InlineData("/dns%2Dquery", HttpStatus.Ok)]
    [InlineData("/%64ns%2dquery", HttpStatus.Ok)]
    [InlineData("/dns-query%2F", HttpStatus.NotFound)]
    [InlineData("/dns-query%20", HttpStatus.NotFound)]
    [InlineData("/a%20b%2fc", HttpStatus.Ok)]
    [InlineData("/%61%20%62%2Fc", HttpStatus.Ok)]
    [InlineData("/a%20b/c", HttpStatus.NotFound)]
    [InlineData("/dns-query%", HttpStatus.BadRequest)]
    [InlineData("/dns%2query", HttpStatus.BadRequest)]
    public void Unreserved_characters_of_a_path_may_be_percent_encoded(string path, int expected)
    {
        var paths = new DohPaths(["/dns-query", "/a%20b%2Fc"], exact: true);
        Assert.Equal(expected, Status(paths, Frames.Get(1, path + "?dns=AAEC")));
        Assert.Equal(expected, Status(paths, Frames.Post(1, path, 1)));
    }

    [Fact, Trait("Row", "D5")]
    public void A_percent_encoded_message_takes_no_more_room_than_it_has()
    {
        using var connection = Connection.Open();
        connection.Give(Frames.Get(1, "/dns-query?dns=" + string.Concat(System.Linq.Enumerable.Repeat("%41", 16))));
        Assert.True(connection.Session.TryTake(out HttpRequest request));
        Assert.Equal(HttpStatus.BadRequest, s_exact.Read(in request, new byte[47], out _));
        Assert.Equal(HttpStatus.Ok, s_exact.Read(in request, new byte[48], out ReadOnlySpan<byte> message));
        Assert.Equal(new byte[12], message.ToArray());
    }

    [Theory]
    [InlineData("")]
    [InlineData("?")]
    [InlineData("?dns")]
    [InlineData("?dns=")]
    [InlineData("?dns=&dns=AAEC")]
    [InlineData("?DNS=AAEC")]
    [InlineData("?xdns=AAEC")]
    [InlineData("?dns=A")]
    [InlineData("?dns=AA+/")]
    [InlineData("?dns=AA%2")]
    [InlineData("?dns=AA%4G")]
    [InlineData("?dns=AA%")]
    [InlineData("?dns=AAEC&x=%zz")]
    [InlineData("?dns=AA%25")]
    [InlineData("?dns=AAE%20C")]
    [InlineData("?dns=AAE%0AC")]
    [InlineData("?dns=AA%2B%2F")]
    [InlineData("?dns=AAEC%26dns=AAEC")]
    [InlineData("?dns%3DAAEC")]
    [InlineData("?d%256Es=AAEC")]
    [InlineData("?dns=%3D")]
    [InlineData("?dns=AAEC?dns=AAEC")]
    [InlineData("?dns=====")]
    public void Without_a_sound_dns_parameter_it_is_a_bad_request(string query) =>
        Assert.Equal(HttpStatus.BadRequest, Status(s_exact, Frames.Get(1, "/dns-query" + query)));

    [Fact]
    public void A_message_that_does_not_fit_the_room_is_a_bad_request()
    {
        using var connection = Connection.Open();
        connection.Give(Frames.Get(1, "/dns-query?dns=" + new string('A', 16)));
        Assert.True(connection.Session.TryTake(out HttpRequest request));
        Assert.Equal(HttpStatus.BadRequest, s_exact.Read(in request, new byte[11], out _));
        Assert.Equal(HttpStatus.Ok, s_exact.Read(in request, new byte[12], out ReadOnlySpan<byte> message));
        Assert.Equal(12, message.Length);
    }

    [Theory]
    [InlineData("HEAD", HttpStatus.Ok)]
    [InlineData("PUT", HttpStatus.MethodNotAllowed)]
    [InlineData("OPTIONS", HttpStatus.MethodNotAllowed)]
    [InlineData("get", HttpStatus.MethodNotAllowed)]
    public void Other_methods_are_refused_where_DNS_is_served_and_not_found_elsewhere(string method, int expected)
    {
        Assert.Equal(expected, Status(s_exact, Of(method, "/dns-query?dns=AAEC")));
        Assert.Equal(HttpStatus.NotFound, Status(s_exact, Of(method, "/other?dns=AAEC")));
    }

    [Theory, Trait("Row", "D7")]
    [InlineData("/dns-query", HttpStatus.NoContent)]
    [InlineData("/dns-query?dns=AAEC", HttpStatus.NoContent)]
    [InlineData("/other", HttpStatus.NotFound)]
    public void OPTIONS_is_answered_for_browsers_where_DNS_is_served(string target, int expected) =>
        Assert.Equal(expected, Status(new DohPaths(["/dns-query"], exact: true, answersOptions: true), Of("OPTIONS", target)));

    [Theory]
    [InlineData("application/dns-message", HttpStatus.Ok)]
    [InlineData("Application/DNS-Message", HttpStatus.Ok)]
    [InlineData("application/dns-message; charset=utf-8", HttpStatus.Ok)]
    [InlineData("application/dns-message \t;x", HttpStatus.Ok)]
    [InlineData("application/dns-messages", HttpStatus.UnsupportedMediaType)]
    [InlineData("application/dns-json", HttpStatus.UnsupportedMediaType)]
    [InlineData("x;application/dns-message", HttpStatus.UnsupportedMediaType)]
    [InlineData("", HttpStatus.UnsupportedMediaType)]
    public void A_body_has_to_be_of_the_media_type_of_DNS(string type, int expected) =>
        Assert.Equal(expected, Status(s_exact, [.. Frames.PostHeaders(1, "/dns-query", type), .. Frames.Frame(Frames.Data, Frames.EndStream, 1, 1)]));

    [Fact]
    public void A_post_without_a_content_type_is_refused() =>
        Assert.Equal(HttpStatus.UnsupportedMediaType, Status(s_exact, Of("POST", "/dns-query")));

    [Fact]
    public void A_post_without_a_body_is_a_bad_request() =>
        Assert.Equal(HttpStatus.BadRequest, Status(s_exact, Frames.Post(1, "/dns-query")));

    [Fact]
    public void A_get_needs_no_content_type_and_its_body_is_not_looked_at() =>
        Assert.Equal(HttpStatus.Ok, Status(
            s_exact,
            [
                .. Frames.Frame(Frames.Headers, Frames.EndHeaders, 1, [.. Hpack.Method("GET"), .. Hpack.Target("/dns-query?dns=AAEC")]),
                .. Frames.Frame(Frames.Data, Frames.EndStream, 1, 1, 2, 3),
            ]));

    [Theory]
    [InlineData("/dns-query", HttpStatus.BodyTooLarge)]
    [InlineData("/other", HttpStatus.NotFound)]
    public void A_body_that_is_too_large_is_refused_where_there_is_DNS(string path, int expected) =>
        Assert.Equal(expected, Status(s_exact, [.. Frames.PostHeaders(1, path), .. Frames.Frame(Frames.Data, Frames.NoFlags, 1, new byte[5])], new Http2Options { MaxBodySize = 4 }));

    [Fact]
    public void A_header_that_is_too_large_is_refused_whatever_it_asks_for() =>
        Assert.Equal(HttpStatus.HeaderTooLarge, Status(s_exact, Frames.Get(1, "/" + new string('a', 400)), new Http2Options { MaxHeaderSize = 500 }));

    private static byte[] Of(string method, string target) =>
        Frames.Frame(Frames.Headers, Frames.EndHeaders | Frames.EndStream, 1, [.. Hpack.Method(method), .. Hpack.Target(target)]);

    private int Status(DohPaths paths, byte[] frames, Http2Options? options = null) => Status(paths, frames, out _, options);

    private int Status(DohPaths paths, byte[] frames, out string message, Http2Options? options = null)
    {
        using var connection = Connection.Open(options);
        Assert.True(connection.Give(frames));
        Assert.True(connection.Session.TryTake(out HttpRequest request), Encoding.ASCII.GetString(frames));
        int status = paths.Read(in request, _scratch, out ReadOnlySpan<byte> bytes);
        message = Convert.ToHexString(bytes);
        return status;
    }
}
