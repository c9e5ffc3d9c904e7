using System;
using System.Linq;
using Fastdist.Control.Tests.Commands;
using Fastdist.Control.Tests.Configuration;
using Fastdist.Rules.Blocks;
using Fastdist.Settings.Rules;
using Xunit;

namespace Fastdist.Control.Tests.Blocks;

/// <summary>Blocks that an operator makes, looks at and takes away.</summary>
public sealed class BlockFunctionTests : IDisposable
{
    private const string Heading = "What                      Seconds   Blocks Warning    Action               eBPF       Reason\n";

    private readonly ConsoleUnderTest _console = new();

    private DynamicBlocks Blocks => new(_console.Proxy);

    public void Dispose() => _console.Dispose();

    [Fact]
    public void They_are_printed_as_dnsdist_prints_them()
    {
        Assert.Equal(Heading, _console.Execute("showDynBlocks()"));
        _console.Execute("addDynamicBlock('192.0.2.1', 'too many', DNSAction.Truncate, 60)");
        _console.Execute("addDynamicBlock('2001:db8::1', 'a network', DNSAction.Nxdomain, 3600, 48)");
        _console.Execute("addDynamicBlock('192.0.2.7:40000', 'behind NAT', nil, 5, 32, 4)");
        _console.Execute("addDynBlockSMT({'Example.org', newDNSName('.')}, 'names', 10, DNSAction.SetTag, {tagName='slow'})");
        Blocks.Meet("192.0.2.1/32", 3);
        _console.Proxy.Now += 1_500_000;
        Assert.Equal(
            Heading +
            "192.0.2.1/32                   59        3 false      Truncate over UDP    false      too many\n" +
            "2001:db8::/48                3599        0 false      Send NXDomain        false      a network\n" +
            "192.0.2.7:36864/4               4        0 false      Drop                 false      behind NAT\n" +
            "Example.org.                    9        0 false      Set Tag              false      names\n" +
            ".                               9        0 false      Set Tag              false      names\n", _console.Execute("showDynBlocks()"));
    }

    [Theory]
    [InlineData("addDynamicBlock('192.0.2.1', 'x')", "192.0.2.1/32 10 None x")]
    [InlineData("addDynamicBlock(newCA('192.0.2.1'), 'x', DNSAction.Drop)", "192.0.2.1/32 10 Drop x")]
    [InlineData("addDynamicBlock('::ffff:192.0.2.1', 'x', DNSAction.None, 20, 24)", "192.0.2.0/24 20 None x")]
    [InlineData("addDynamicBlock('192.0.2.1', 'x', DNSAction.SetTag, '20', 32, 0, {tagName='a', tagValue='b'})", "192.0.2.1/32 20 SetTag x a=b")]
    [InlineData("addDynamicBlock('2001:db8::1', 'x', DNSAction.NoOp, 31536000)", "2001:db8::1/128 31536000 NoOp x")]
    [InlineData("addDynBlocks({['192.0.2.1']=100}, 'x')", "192.0.2.1/32 10 None x")]
    [InlineData("addDynBlocks({['192.0.2.1']=1, ['2001:db8::1']=2}, 'x', 30, DNSAction.NoRecurse)", "192.0.2.1/32 30 NoRecurse x|2001:db8::1/128 30 NoRecurse x")]
    [InlineData("addDynBlocks({}, 'x')", "")]
    [InlineData("addDynBlockSMT('a.example', 'x')", "a.example. 10 None x")]
    [InlineData("addDynBlockSMT({'a', 'b'}, 'x', 30, DNSAction.Refused)", "a. 30 Refused x|b. 30 Refused x")]
    [InlineData("addDynBlockSMT('a', 'x', 30, DNSAction.SetTag, {tagName='t'})", "a. 30 SetTag x t=")]
    public void They_are_made(string line, string blocks)
    {
        Assert.Equal("", _console.Execute(line));
        Assert.Equal(blocks, string.Join('|', _console.Proxy.Blocks.All.Select(Text).Order(StringComparer.Ordinal)));
    }

    [Theory]
    [InlineData("addDynamicBlock()", "addDynamicBlock: expected 2 to 7 arguments, got 0")]
    [InlineData("addDynamicBlock(5, 'x')", "addDynamicBlock: argument 1, address: expected an address, as a ComboAddress or a string, got 5")]
    [InlineData("addDynamicBlock('192.0.2.300', 'x')", "addDynamicBlock: ")]
    [InlineData("addDynamicBlock('192.0.2.1', {})", "addDynamicBlock: argument 2, message: expected a string, got a table")]
    [InlineData("addDynamicBlock('192.0.2.1', 'x', DNSAction.Pool)", "addDynamicBlock: argument 3, action: expected DNSAction.Drop, Nxdomain, Refused, Truncate, NoRecurse, NoOp, SetTag or None, got 6")]
    [InlineData("addDynamicBlock('192.0.2.1', 'x', 300)", "addDynamicBlock: argument 3, action: expected a whole number from 0 to 255, got 300")]
    [InlineData("addDynamicBlock('192.0.2.1', 'x', 0, 0)", "addDynamicBlock: argument 4, seconds: expected a whole number from 1 to 31536000, got 0")]
    [InlineData("addDynamicBlock('192.0.2.1', 'x', 0, 10, 33)", "addDynamicBlock: argument 5, mask: expected a whole number from 0 to 32, got 33")]
    [InlineData("addDynamicBlock('2001:db8::1', 'x', 0, 10, 129)", "addDynamicBlock: argument 5, mask: expected a whole number from 0 to 128, got 129")]
    [InlineData("addDynamicBlock('192.0.2.1', 'x', 0, 10, 32, 17)", "addDynamicBlock: argument 6, portMask: expected a whole number from 0 to 16, got 17")]
    [InlineData("addDynBlocks('192.0.2.1', 'x')", "addDynBlocks: argument 1, addresses: expected a table, got '192.0.2.1'")]
    [InlineData("addDynBlocks({['nobody']=1}, 'x')", "addDynBlocks: ")]
    [InlineData("addDynBlocks({['192.0.2.1']=1}, 'x', 'long')", "addDynBlocks: argument 3, seconds: expected a whole number from 1 to 31536000, got 'long'")]
    [InlineData("addDynBlockSMT(5, 'x')", "addDynBlockSMT: argument 1, name: expected a name, as a DNSName or a string, got 5")]
    [InlineData("addDynBlockSMT({'a', 5}, 'x')", "addDynBlockSMT: argument 1, names: expected a name, as a DNSName or a string, in each place of the table, got 5")]
    [InlineData("rmDynBlock('192.0.2.1/32')", "rmDynBlock: '192.0.2.1/32' is not blocked: see showDynBlocks()")]
    [InlineData("setDynBlocksAction(DNSAction.SetTag)", "setDynBlocksAction: argument 1, action: expected DNSAction.Drop, Nxdomain, Refused, Truncate, NoRecurse or NoOp, got 15")]
    [InlineData("setDynBlocksAction()", "setDynBlocksAction: expected 1 argument, got 0")]
    [InlineData("setDynBlocksPurgeInterval(0)", "setDynBlocksPurgeInterval: argument 1, seconds: expected a whole number from 1 to 86400, got 0")]
    public void What_cannot_be_is_refused_and_blocks_nobody(string line, string reason)
    {
        Assert.StartsWith(reason, _console.Refusal(line), StringComparison.Ordinal);
        Assert.Empty(_console.Proxy.Blocks.All);
    }

    [Fact]
    public void A_command_that_fails_blocks_nobody()
    {
        _console.Refusal("addDynamicBlock('192.0.2.1', 'x') error('no')");
        Assert.Empty(_console.Proxy.Blocks.All);
    }

    [Fact]
    public void One_is_taken_away_by_what_it_is_listed_as_or_all_are()
    {
        _console.Execute("addDynamicBlock('192.0.2.1', 'x') addDynamicBlock('192.0.2.2', 'x') addDynBlockSMT('a', 'x')");
        Assert.Equal("", _console.Execute("rmDynBlock('192.0.2.1/32')"));
        Assert.Equal("", _console.Execute("rmDynBlock('a.')"));
        Assert.Equal("192.0.2.2/32", Assert.Single(_console.Proxy.Blocks.All).What);
        Assert.Equal("", _console.Execute("clearDynBlocks()"));
        Assert.Empty(_console.Proxy.Blocks.All);
    }

    [Fact]
    public void Scripts_get_them_as_objects()
    {
        _console.Execute("addDynamicBlock('192.0.2.1', 'too many', DNSAction.Refused, 60) addDynBlockSMT('a.example', 'names', 60)");
        Blocks.Meet("192.0.2.1/32", 2);
        const string One = "getDynamicBlocks()['192.0.2.1/32']";
        Assert.Equal("too many\n", _console.Execute($"{One}.reason"));
        Assert.Equal("\n", _console.Execute($"{One}.domain"));
        Assert.Equal("2\n", _console.Execute($"{One}.blocks"));
        Assert.Equal("2\n", _console.Execute($"{One}.action"));
        Assert.Equal("yes\n", _console.Execute($"({One}['until'] - os.time() > 50 and {One}['until'] - os.time() < 70) and 'yes' or 'no'"));
        Assert.Equal("yes\n", _console.Execute($"({One}.warning == false and {One}.bpf == false) and 'yes' or 'no'"));
        Assert.Equal("a.example.\n", _console.Execute("getDynamicBlocksSMT()['a.example.'].domain"));
        Assert.Equal("10\n", _console.Execute("getDynamicBlocksSMT()['a.example.'].action"));
        Assert.Equal("1 1\n", _console.Execute("(function() local n, m = 0, 0 for _ in pairs(getDynamicBlocks()) do n = n + 1 end for _ in pairs(getDynamicBlocksSMT()) do m = m + 1 end return n .. ' ' .. m end)()"));
    }

    [Fact]
    public void They_stay_when_the_configuration_is_read_again()
    {
        _console.Execute("addDynamicBlock('192.0.2.1', 'x')");
        _console.ReadAgain();
        Assert.Equal("x\n", _console.Execute("getDynamicBlocks()['192.0.2.1/32'].reason"));
    }

    [Fact]
    public void What_is_done_about_all_is_a_setting_of_a_configuration_and_of_the_console()
    {
        Assert.Equal(BlockAction.Drop, Scripts.Settings("").Proxy.BlockAction);
        Assert.Equal(BlockAction.Refused, Scripts.Settings("setDynBlocksAction(DNSAction.Refused)").Proxy.BlockAction);
        Assert.Equal(30, Scripts.Settings("setDynBlocksPurgeInterval(30)").Proxy.BlockPurgeInterval);
        Assert.Equal("", _console.Execute("setDynBlocksAction(DNSAction.Truncate) setDynBlocksPurgeInterval(5)"));
        Assert.Equal((BlockAction.Truncate, 5), (_console.Proxy.Applied[^1].Proxy.BlockAction, _console.Proxy.Applied[^1].Proxy.BlockPurgeInterval));
    }

    [Theory]
    [InlineData("addDynamicBlock('192.0.2.1', 'x')")]
    [InlineData("addDynBlocks({}, 'x')")]
    [InlineData("addDynBlockSMT('a', 'x')")]
    [InlineData("clearDynBlocks()")]
    [InlineData("showDynBlocks()")]
    [InlineData("exceedQRate(5, 10)")]
    public void In_a_configuration_there_is_nobody_to_block(string script) =>
        Assert.EndsWith("is for the console of a running process, and left out", Assert.Single(Scripts.Said(script)), StringComparison.Ordinal);

    private static string Text(Block block) =>
        $"{block.What} {block.Terms.Seconds} {block.Terms.Action} {block.Terms.Reason}{(block.Terms.TagName is { } tag ? $" {tag}={block.Terms.TagValue}" : "")}";

    /// <summary>Blocks that are met by hand.</summary>
    private readonly record struct DynamicBlocks(FakeProxy Proxy)
    {
        public void Meet(string what, int times)
        {
            Block block = Proxy.Blocks.All.Single(block => block.What == what);
            for (int i = 0; i < times; i++)
            {
                block.CountHit();
            }
        }
    }
}
