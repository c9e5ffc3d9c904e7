using System.Linq;
using CsCheck;
using Xunit;

namespace Fastdist.Control.Tests.Commands;

[Trait("Stage", "5")]
public class PropertyTests
{
    /// <summary>What is most likely to meet an unforeseen case next to each other.</summary>
    private static readonly Gen<string> s_fragments = OneOf(
        "showServers", "getServer", "getTLSFrontend", "newServer", "setACL", "help", "(", ")", "{", "}", "[", "]", "[[", "]]", "[=[", "]=]", "=", ",", ";", ":", ".",
        "0", "1", "-", "--", "0x", "1e", "1.5", "\"", "'", "\\", "\\x", "\\12", "\\z", "\n", " ", "nil", "true", "address", "setUp", "name", "é", "\ud800", "\0").Array[0, 30]
        .Select(fragments => string.Concat(fragments));

    [Fact]
    public void Any_text_gives_a_reply_and_never_an_exception() =>
        Gen.OneOf(Gen.String, s_fragments).Sample(line =>
        {
            using var console = new ConsoleUnderTest();
            string reply = console.Execute(line);
            Assert.True(reply.Length == 0 || reply.EndsWith('\n'), reply);
        });

    private static Gen<T> OneOf<T>(params T[] values) => Gen.Int[0, values.Length - 1].Select(i => values[i]);
}
