using System;
using Fastdist.Control.Configuration;
using Xunit;

namespace Fastdist.Control.Tests.Commands;

/// <summary>Commands that need no console to ask.</summary>
public class LocalCommandTests
{
    [Theory]
    [InlineData("makeKey()", "setKey(\"")]
    [InlineData("hashPassword(\"secret\")", "$scrypt$ln=10,p=1,r=8$")]
    [InlineData("hashPassword()", "Error: hashPassword: expected 1 argument")]
    [InlineData("hashPassword(getServer(0))", "Error: getServer: there is no server 0: there are none")]
    public void What_needs_no_proxy_is_answered_without_one(string line, string reply) =>
        Assert.StartsWith(reply, ProcessScripts.ExecuteLocally(line), StringComparison.Ordinal);

    [Theory]
    [InlineData("showServers()")]
    [InlineData("getServer(0):setDown()")]
    [InlineData("makeKey")]
    [InlineData("x = x + 1")]
    [InlineData("for i = 1, 3 do print(i) end")]
    [InlineData("\"never ended")]
    [InlineData("")]
    public void Everything_else_is_for_the_console_even_what_only_another_kind_understands(string line) =>
        Assert.Null(ProcessScripts.ExecuteLocally(line));
}
