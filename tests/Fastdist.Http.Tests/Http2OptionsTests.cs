using System;
using System.Collections.Generic;
using System.Linq;
using Xunit;

namespace Fastdist.Http.Tests;

public class Http2OptionsTests
{
    [Theory]
    [InlineData("x-name", "value")]
    [InlineData("server", "")]
    [InlineData("x!#$%&'*+-.^_`|~0", "a \t b")]
    public void A_header_field_of_RFC_9110_can_be_added(string name, string value) => Assert.Null(Http2Options.Objection([new(name, value)]));

    [Theory]
    [InlineData("", "value")]
    [InlineData("X-Name", "value")]
    [InlineData(":status", "200")]
    [InlineData("x name", "value")]
    [InlineData("x-name", " value")]
    [InlineData("x-name", "value\t")]
    [InlineData("x-name", "a\r\nb: c")]
    [InlineData("x-name", "ä")]
    public void Another_cannot(string name, string value)
    {
        KeyValuePair<string, string>[] headers = [new(name, value)];
        Assert.NotNull(Http2Options.Objection(headers));
        Assert.Throws<ArgumentException>(() => new Http2Options { ExtraHeaders = headers });
    }

    [Theory]
    [InlineData("connection")]
    [InlineData("proxy-connection")]
    [InlineData("keep-alive")]
    [InlineData("transfer-encoding")]
    [InlineData("upgrade")]
    public void Fields_of_a_connection_cannot(string name) => Assert.NotNull(Http2Options.Objection([new(name, "close")]));

    [Fact]
    public void More_than_sixteen_cannot()
    {
        Assert.Null(Http2Options.Objection([.. Enumerable.Repeat(new KeyValuePair<string, string>("x", "y"), Http2Options.MaxExtraHeaders)]));
        Assert.NotNull(Http2Options.Objection([.. Enumerable.Repeat(new KeyValuePair<string, string>("x", "y"), Http2Options.MaxExtraHeaders + 1)]));
    }
}
