using System;
using Xunit;

namespace Fastdist.Control.Tests.Configuration;

/// <summary>What a configuration says of the console.</summary>
public class OperatorFunctionTests
{
    [Theory]
    [InlineData("setConsoleACL({})", "setConsoleACL: nobody could use the console then: leave controlSocket out")]
    [InlineData("setConsoleACL('x')", "setConsoleACL: 'x' is no network: expected one such as 192.0.2.0/24 or 2001:db8::/32")]
    public void What_cannot_be_is_told(string script, string problem) => Assert.EndsWith(problem, Scripts.Problem(script), StringComparison.Ordinal);

    [Fact]
    public void Who_may_use_the_console_is_added_to_who_may_anyway()
    {
        Assert.Equal(["127.0.0.0/8", "::1/128", "192.0.2.0/24"], Scripts.Settings("addConsoleACL('192.0.2.0/24')").Console.Acl);
        Assert.Equal(["192.0.2.0/24", "::1"], Scripts.Settings("setConsoleACL('192.0.2.0/24') addConsoleACL('::1')").Console.Acl);
    }

    [Fact]
    public void Either_of_the_two_that_must_be_bound_has_both_be() =>
        Assert.True(Scripts.Settings("setConsoleBindFatal(false) setWebserverBindFatal(true) setConsoleBindFatal(false)").ControlRequired);
}
