using System;
using System.Linq;
using Fastdist.Control.Configuration;
using Fastdist.Control.Configuration.Dnsdist;
using Xunit;

namespace Fastdist.Control.Tests.Configuration;

/// <summary>Names, addresses and networks in scripts. What is expected is what dnsdist 1.7.3 says, where it has the method.</summary>
public class ValueObjectTests
{
    [Theory]
    [InlineData("newDNSName('Www.Example.com')", "Www.Example.com.")]
    [InlineData("newDNSName('Www.Example.com'):toString()", "Www.Example.com.")]
    [InlineData("newDNSName('Www.Example.com'):toStringNoDot()", "Www.Example.com")]
    [InlineData("newDNSName('.')", ".")]
    [InlineData("newDNSName('')", ".")]
    [InlineData("newDNSName('.'):toStringNoDot()", "")]
    [InlineData("newDNSName('www.example.com'):countLabels()", "3")]
    [InlineData("newDNSName('www.example.com'):wirelength()", "17")]
    [InlineData("newDNSName('a.B') == newDNSName('A.b.')", "true")]
    [InlineData("newDNSName('a.b') == newDNSName('c')", "false")]
    [InlineData("newDNSName('a.B'):hash() == newDNSName('A.b.'):hash()", "true")]
    [InlineData("#newDNSName('ab.c'):toDNSString()", "6")]
    [InlineData("newDNSNameFromRaw('\\003a.b\\001c\\000')", @"a\.b.c.")]
    [InlineData("newDNSNameFromRaw('\\001a\\000zzz')", "a.")]
    [InlineData("newDNSName('www.example.com'):isPartOf(newDNSName('example.COM'))", "true")]
    [InlineData("newDNSName('www.example.com'):isPartOf('ple.com')", "false")]
    [InlineData("newDNSName('www.example.com'):makeRelative(newDNSName('example.com'))", "www.")]
    public void A_name_says(string expression, string text) => Assert.Equal(text, Scripts.Text($"return {expression}"));

    [Theory]
    [InlineData("local n = newDNSName('a.b') return n:chopOff(), n, n:chopOff(), n:chopOff()", "true")]
    [InlineData("local n = newDNSName('a.b') n:chopOff() return n", "b.")]
    [InlineData("local n = newDNSName('a') n:chopOff() return n:chopOff()", "false")]
    [InlineData("local n = newDNSName('www') n:append('example.com') n:prepend(newDNSName('x')) return n", "x.www.example.com.")]
    public void A_name_is_changed_in_its_place(string script, string text) => Assert.Equal(text, Scripts.Text(script));

    [Theory]
    [InlineData("newDNSName('a..b')", "newDNSName: argument 1, name: expected a name, as a DNSName or a string, got 'a..b'")]
    [InlineData("newDNSName(5)", "newDNSName: argument 1, name: expected a name, as a DNSName or a string, got 5")]
    [InlineData("newDNSNameFromRaw('\\003ab')", "newDNSNameFromRaw: these bytes are no name in wire form")]
    [InlineData("newDNSName('a').toString()", "name:toString: write a colon before the method")]
    [InlineData("newDNSName('a').toString('a')", "name:toString: write a colon in front of a method, object:method(), not a dot")]
    [InlineData("newDNSName('a'):isPartOf(newCA('::1'))", "name:isPartOf: argument 1, name: expected a name, as a DNSName or a string, got an address")]
    [InlineData("newDNSName(string.rep('abcdefg.', 16)):append(string.rep('abcdefg.', 16))", "name:append: the two have more than 255 bytes, which is the most that a name has")]
    [InlineData("newDNSName('a'):foo()", "a name has no 'foo'")]
    [InlineData("newDNSName('a'):tostrin()", "a name has no 'tostrin'; did you mean 'toString'?")]
    [InlineData("newSuffixMatchNode():add({'a', 5})", "suffixset:add: argument 1, names: expected a name, as a DNSName or a string, in each place of the table, got 5")]
    [InlineData("newNMG():addMask('10.1')", "netmaskgroup:addMask: argument 1, network: expected a network such as '192.0.2.0/24' or '2001:db8::/32', got '10.1'")]
    [InlineData("newNMG():match(5)", "netmaskgroup:match: argument 1, address: expected an address, as a ComboAddress or a string, got 5")]
    [InlineData("newNetmask('!10.0.0.0/8')", "newNetmask: argument 1, network: expected a network such as '192.0.2.0/24' or '2001:db8::/32', or an address that newCA made and a number of bits, got '!10.0.0.0/8'")]
    [InlineData("newNetmask(newCA('192.0.2.77'), 60)", "newNetmask: argument 2, bits: expected a whole number from 0 to 32, got 60")]
    [InlineData("newCA('010.0.0.1')", "newCA: '010.0.0.1' is not an IP address; write 192.0.2.1, 192.0.2.1:53, 2001:db8::1 or [2001:db8::1]:53 (names cannot be resolved here)")]
    [InlineData("newCA('1.2.3.4'):mapToIPv4()", "address:mapToIPv4: 1.2.3.4 is no address of IPv4 in IPv6: isMappedIPv4 tells")]
    [InlineData("newCA('1.2.3.4'):ipencrypt('short')", "address:ipencrypt: a key has 16 bytes: makeIPCipherKey makes one of a password")]
    public void What_is_wrong_is_told(string expression, string problem) => Assert.EndsWith(problem, Scripts.Problem(expression), StringComparison.Ordinal);

    [Theory]
    [InlineData("return s:size()", "2")]
    [InlineData("return s:empty()", "false")]
    [InlineData("return s:check(newDNSName('A.org'))", "true")]
    [InlineData("return s:check('www.a.org')", "false")]
    [InlineData("return s", "a.org\nb.org\n")]
    [InlineData("return s:toString()", "a.org\nb.org\n")]
    [InlineData("return s:delete(newDNSName('A.ORG')) + s:size()", "2")]
    [InlineData("return s:delete('c.org')", "0")]
    [InlineData("s:clear() return s:empty()", "true")]
    public void A_set_of_names_says(string script, string text) =>
        Assert.Equal(text, Scripts.Text($"local s = newDNSNameSet() s:add(newDNSName('b.org')) s:add('a.org') s:add('A.ORG') {script}"));

    [Theory]
    [InlineData("return s:check(newDNSName('example.com'))", "true")]
    [InlineData("return s:check(newDNSName('WWW.example.com'))", "true")]
    [InlineData("return s:check(newDNSName('xexample.com'))", "false")]
    [InlineData("return s:check('q.r')", "true")]
    [InlineData("return s:getBestMatch(newDNSName('z.A.b'))", "A.b.")]
    [InlineData("return s:getBestMatch(newDNSName('org'))", "nil")]
    [InlineData("s:add('www.example.com') s:remove('example.com') return tostring(s:check('example.com')) .. tostring(s:check('www.example.com'))", "falsetrue")]
    [InlineData("s:remove({'a.b', newDNSName('c.d')}) return tostring(s:check('a.b')) .. tostring(s:check('c.d'))", "falsefalse")]
    [InlineData("s:add('.') return s:check('anything')", "true")]
    [InlineData("return s", "a.b., example.com., c.d., q.r., x.y.")]
    public void A_set_of_suffixes_says(string script, string text) =>
        Assert.Equal(text, Scripts.Text($"local s = newSuffixMatchNode() s:add('example.com') s:add({{'a.b', 'c.d'}}) s:add(newDNSName('x.y')) s:add({{newDNSName('q.r')}}) {script}"));

    [Theory]
    [InlineData("return g:size()", "5")]
    [InlineData("return g", "NetmaskGroup !10.1.0.0/16, 10.0.0.0/8, 192.0.2.1/32, 192.0.2.0/24, 2001:db8::/32")]
    [InlineData("return g:toString() == tostring(g)", "true")]
    [InlineData("return g:match(newCA('10.2.0.1:53'))", "true")]
    [InlineData("return g:match('10.1.0.1')", "false")]
    [InlineData("return g:match(newCA('2001:db8::1'))", "true")]
    [InlineData("g:addMask(newNetmask('10.1.0.0/16')) return g:match('10.1.0.1')", "true")]
    [InlineData("g:addMasks({[newCA('1.2.3.4')] = 5}) return g:match('1.2.3.4')", "true")]
    [InlineData("g:addMasks({'1.2.3.4', '!192.0.2.0/24'}) return tostring(g:match('1.2.3.4')) .. tostring(g:match('192.0.2.2'))", "truefalse")]
    [InlineData("local h = newNMG() h:addNMG(g) return h:toString() == g:toString()", "true")]
    [InlineData("g:clear() return g", "NetmaskGroup ")]
    public void A_group_of_networks_says(string script, string text) =>
        Assert.Equal(text, Scripts.Text($"local g = newNMG() for _, m in ipairs({{'10.0.0.0/8', '!10.1.0.0/16', '2001:db8::/32', '192.0.2.1', '192.0.2.77/24'}}) do g:addMask(m) end {script}"));

    [Theory]
    [InlineData("newNetmask('192.0.2.77/24')", "192.0.2.0/24")]
    [InlineData("newNetmask('192.0.2.77/24'):toString()", "192.0.2.0/24")]
    [InlineData("newNetmask('192.0.2.77/24'):getBits()", "24")]
    [InlineData("newNetmask('192.0.2.77/24'):getNetwork()", "192.0.2.0")]
    [InlineData("newNetmask('2001:db8::1/33'):getMaskedNetwork()", "2001:db8::")]
    [InlineData("newNetmask('192.0.2.77/24'):isIPv4()", "true")]
    [InlineData("newNetmask('192.0.2.77/24'):isIpv6()", "false")]
    [InlineData("newNetmask('192.0.2.77/24'):empty()", "false")]
    [InlineData("newNetmask('192.0.2.77/24'):match('192.0.2.9')", "true")]
    [InlineData("newNetmask('192.0.2.77/24'):match(newCA('192.0.3.9'))", "false")]
    [InlineData("newNetmask(newCA('192.0.2.77:53'), 24)", "192.0.2.0/24")]
    [InlineData("newNetmask(newCA('192.0.2.77'))", "192.0.2.77/32")]
    [InlineData("newNetmask('192.0.2.77/24') == newNetmask('192.0.2.1/24')", "true")]
    [InlineData("newCA('192.0.2.1:53')", "192.0.2.1")]
    [InlineData("newCA('[2001:db8::1]:853'):toStringWithPort()", "[2001:db8::1]:853")]
    [InlineData("newCA('192.0.2.1:53'):tostringWithPort()", "192.0.2.1:53")]
    [InlineData("newCA('192.0.2.1:53'):getPort()", "53")]
    [InlineData("newCA('::ffff:1.2.3.4'):isMappedIPv4()", "true")]
    [InlineData("newCA('[::ffff:1.2.3.4]:53'):mapToIPv4():toStringWithPort()", "1.2.3.4:53")]
    [InlineData("newCA('::1'):isIPv6()", "true")]
    [InlineData("newCA('192.0.2.1'):toStringReversed()", "1.2.0.192")]
    [InlineData("newCA('fe80::1%lo'):toStringNoInterface()", "fe80::1")]
    [InlineData("#newCA('2001:db8::1'):getRaw()", "16")]
    [InlineData("newCAFromRaw(newCA('192.0.2.1'):getRaw(), 53):toStringWithPort()", "192.0.2.1:53")]
    [InlineData("newCA('192.0.2.1') == newCA('192.0.2.1:0')", "true")]
    [InlineData("newCA('192.0.2.1'):ipencrypt(makeIPCipherKey('hunter2'))", "212.212.95.36")]
    [InlineData("newCA('2001:db8::1'):ipencrypt(makeIPCipherKey('hunter2'))", "18ab:e114:3b75:4c4e:c90e:670c:6132:e847")]
    [InlineData("newCA('192.0.2.1'):ipencrypt('some 16-byte key'):ipdecrypt('some 16-byte key')", "192.0.2.1")]
    public void An_address_or_a_network_says(string expression, string text) => Assert.Equal(text, Scripts.Text($"return {expression}"));

    [Fact]
    public void An_address_is_truncated_in_its_place() => Assert.Equal("192.0.2.0:53", Scripts.Text("local a = newCA('192.0.2.177:53') a:truncate(24) return a:toStringWithPort()"));

    [Theory]
    [InlineData("name", "newDNSName('a')")]
    [InlineData("nameset", "newDNSNameSet()")]
    [InlineData("suffixset", "newSuffixMatchNode()")]
    [InlineData("address", "newCA('::1')")]
    [InlineData("netmask", "newNetmask('::1')")]
    [InlineData("netmaskgroup", "newNMG()")]
    public void Every_method_that_dnsdist_has_is_there(string owner, string value)
    {
        string[] methods = [.. DnsdistNames.All.Select(name => name.Name.Split(':')).Where(parts => parts.Length == 2 && parts[0] == owner).Select(parts => parts[1])];
        Assert.NotEmpty(methods);
        Assert.All(methods, method => Assert.Equal("function", Scripts.Text($"return type({value}.{method})")));
    }

    [Fact]
    public void Every_constant_is_a_global()
    {
        (string Name, int Value)[] constants = [.. Constants.Tables.SelectMany(table => table.Values.Select(value => ($"{table.Table}.{value.Name}", value.Value)))];
        Assert.Equal(
            string.Join(' ', constants.Select(constant => constant.Value)),
            Scripts.Text($"return table.concat({{{string.Join(", ", constants.Select(constant => constant.Name))}}}, ' ')"));
    }

    [Fact]
    public void A_hundred_thousand_names_are_read_into_a_set_one_by_one() =>
        Assert.Equal("true", Scripts.Text("local s = newSuffixMatchNode() for i = 1, 100000 do s:add('n' .. i .. '.example') end return s:check('www.n99999.example')"));

    [Fact]
    public void Help_names_every_function_that_makes_values() =>
        Assert.All(new[] { "newCA", "newCAFromRaw", "newDNSName", "newDNSNameFromRaw", "newDNSNameSet", "newNMG", "newNetmask", "newSuffixMatchNode" }, name =>
            Assert.NotEmpty(Vocabulary.Functions.Single(function => function.Name == name).Help));
}
