using System.Globalization;
using System.IO;
using System.Linq;
using Fastdist.Settings.Tables;
using Xunit;

namespace Fastdist.Tests;

public class IdentityTests
{
    private const string Unused = "3999999999";

    [Theory]
    [InlineData("root")]
    [InlineData("nobody")]
    public void A_users_name_brings_its_number_and_its_primary_group(string name)
    {
        string[] fields = Entry("/etc/passwd", name);
        Assert.Equal(new Identity(Number(fields[2]), Number(fields[3])), Identity.Resolve(name, ""));
    }

    [Fact]
    public void Root_is_zero() => Assert.Equal(new Identity(0, 0), Identity.Resolve("root", "root"));

    [Fact]
    public void A_users_number_brings_its_primary_group_too()
    {
        string[] fields = Entry("/etc/passwd", "nobody");
        Assert.Equal(new Identity(Number(fields[2]), Number(fields[3])), Identity.Resolve(fields[2], ""));
    }

    [Fact]
    public void A_group_that_is_written_goes_before_the_users_own()
    {
        Assert.Equal(new Identity(0, Number(Entry("/etc/group", "daemon")[2])), Identity.Resolve("root", "daemon"));
        Assert.Equal(new Identity(0, 12345), Identity.Resolve("root", "12345"));
    }

    [Fact]
    public void A_group_alone_leaves_the_user() =>
        Assert.Equal(new Identity(null, Number(Entry("/etc/group", "daemon")[2])), Identity.Resolve("", "daemon"));

    [Fact]
    public void Nothing_written_changes_nothing() => Assert.Equal(new Identity(null, null), Identity.Resolve("", ""));

    [Fact]
    public void A_number_need_not_be_in_the_files() =>
        Assert.Equal(new Identity(Number(Unused), Number(Unused)), Identity.Resolve(Unused, Unused));

    [Fact]
    public void A_number_needs_no_files_at_all()
    {
        const string empty = "/nowhere";
        Assert.Equal(new Identity(1000, 1001), Identity.Resolve("1000", "1001", empty));
        Assert.Equal(
            "--uid 1000: /nowhere/passwd has no group for it, and root's must not be kept: add --gid",
            Assert.Throws<OptionException>(() => Identity.Resolve("1000", "", empty)).Message);
        Assert.Equal(
            "--uid nobody: not in /nowhere/passwd; use a name from there or a number",
            Assert.Throws<OptionException>(() => Identity.Resolve("nobody", "1001", empty)).Message);
    }

    [Theory]
    [InlineData("no-such-user")]
    [InlineData("Root")]
    [InlineData("-1")]
    [InlineData("4294967295")]
    [InlineData("4294967296")]
    [InlineData("root:x")]
    public void An_unknown_name_is_refused_with_the_file_it_should_be_in(string name)
    {
        Assert.Equal($"--uid {name}: not in /etc/passwd; use a name from there or a number", Refusal(name, ""));
        Assert.Equal($"--gid {name}: not in /etc/group; use a name from there or a number", Refusal("", name));
    }

    private static string Refusal(string user, string group) =>
        Assert.Throws<OptionException>(() => Identity.Resolve(user, group)).Message;

    private static string[] Entry(string file, string name) =>
        File.ReadLines(file).Select(line => line.Split(':')).First(fields => fields[0] == name);

    private static uint Number(string text) => uint.Parse(text, CultureInfo.InvariantCulture);
}
