using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;
using Fastdist.Settings;
using Xunit;

namespace Fastdist.Control.Tests.Configuration;

/// <summary>What a configuration has requests over HTTPS be answered that is no DNS.</summary>
public class ResponsesMapConfigurationTests
{
    private const string Doh = "addDOHLocal('127.0.0.1:8080', nil, nil, {'/dns-query', '/rfc'})\n";

    [Fact]
    public void The_lines_of_the_guide_are_read_as_they_are_printed()
    {
        using var configured = Configured.Read(Doh + """
            map = { newDOHResponseMapEntry("^/rfc$", 307, "https://www.rfc-editor.org/info/rfc8484", {['X-Foo']='bar'}), newDOHResponseMapEntry("coffee", 418, "C0FFEE") }
            dohFE = getDOHFrontend(0)
            dohFE:setResponsesMap(map)
            """);
        Assert.Empty(configured.Problems);
        Assert.Empty(configured.Warnings);
        IReadOnlyList<MappedResponse> entries = Assert.Single(configured.Settings.Proxy.Frontends).Doh!.ResponsesMap;
        Assert.Equal([("^/rfc$", 307), ("coffee", 418)], entries.Select(static entry => (entry.Paths, entry.Response.Status)));
        Assert.Equal("C0FFEE", Encoding.ASCII.GetString(entries[1].Response.Body));
    }

    [Fact]
    public void The_map_that_is_set_last_is_the_one_there_is()
    {
        ProcessOptions settings = Scripts.Settings(Doh + "local f = getDOHFrontend(0) f:setResponsesMap({newDOHResponseMapEntry('a', 200, 'x')}) f:setResponsesMap({})");
        Assert.Empty(settings.Proxy.Frontends[0].Doh!.ResponsesMap);
    }

    [Fact]
    public void Frontends_are_numbered_as_they_were_added()
    {
        Assert.Equal(
            "127.0.0.1:81 2",
            Scripts.Text("""
                addLocal('127.0.0.1:53') addDOHLocal('127.0.0.1:80') addTLSLocal('127.0.0.1:853', 'c', 'k') addDOHLocal('127.0.0.1:81')
                return tostring(getDOHFrontend(1)) .. ' ' .. getDOHFrontendCount()
                """));
    }

    [Theory]
    [InlineData("getDOHFrontend(1)", "getDOHFrontend: there is no DoH frontend 1: up to here 0 were added")]
    [InlineData("newDOHResponseMapEntry('(', 200, '')", "pattern: '('")]
    [InlineData("newDOHResponseMapEntry('a', 99, '')", "status: expected a whole number from 200 to 599")]
    [InlineData("newDOHResponseMapEntry('a', 302, 'a\\r\\nb')", "needs where it goes")]
    [InlineData("newDOHResponseMapEntry('a', 200, 'a', {['x-a']='b\\n'})", "is no value of a header field")]
    [InlineData("newDOHResponseMapEntry('a', 200, 'a', {['x-a']={}})", "headers: expected a table of NAME=")]
    [InlineData("HTTPStatusAction(200, 'a', 'b\\n')", "is no type of a body")]
    [InlineData("HTTPStatusAction(307, '')", "needs where it goes")]
    public void What_cannot_be_is_said_in_one_line(string expression, string problem) => Assert.Contains(problem, Scripts.Problem(expression), StringComparison.Ordinal);

    [Theory]
    [InlineData(Doh + "getDOHFrontend(0):setResponsesMap({'a'})", "expected what newDOHResponseMapEntry made")]
    [InlineData(Doh + "getDOHFrontend(0):reloadCertificates()", "is for the console of a running process")]
    public void What_does_not_fit_is_said_too(string script, string said) => Assert.Contains(said, string.Join('\n', Scripts.Said(script)), StringComparison.Ordinal);

    [Fact]
    public void Incoming_headers_are_kept_where_that_is_written()
    {
        Assert.True(Scripts.Settings("addDOHLocal('127.0.0.1', nil, nil, '/', {keepIncomingHeaders=true})").Proxy.Frontends[0].Doh!.KeepIncomingHeaders);
        Assert.False(Scripts.Settings("addDOHLocal('127.0.0.1')").Proxy.Frontends[0].Doh!.KeepIncomingHeaders);
    }
}
