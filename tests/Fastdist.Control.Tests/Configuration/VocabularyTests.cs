using System.Linq;
using Fastdist.Control.Configuration;
using Fastdist.Control.Configuration.Dnsdist;
using Xunit;

namespace Fastdist.Control.Tests.Configuration;

/// <summary>What the list of dnsdist's names says, and what the language has.</summary>
public class VocabularyTests
{
    [Fact]
    public void A_function_that_is_here_is_not_called_missing() => Assert.Equal([], Vocabulary.Functions
        .Select(function => DnsdistNames.Find(function.Name)).OfType<DnsdistName>()
        .Where(name => name.Fate is not (Fate.Same or Fate.Different)).Select(name => name.Name));

    /// <summary>But for one that configurations define, and one that only the console has.</summary>
    [Fact]
    public void A_function_that_is_called_here_is() => Assert.Equal([], DnsdistNames.All
        .Where(name => name.Fate is Fate.Same or Fate.Different && name.Name.All(char.IsAsciiLetterOrDigit) && name.Name is not ("maintenance" or "delta"))
        .Select(name => name.Name).Order().Where(name => Scripts.Text($"return type(_G['{name}'])") == "nil"));

    [Theory]
    [InlineData("server", "Server")]
    [InlineData("frontend", "Frontend")]
    [InlineData("timedipset", "TimedIPSetRule")]
    [InlineData("qpslimiter", "QPSLimiter")]
    [InlineData("cache", "PacketCache")]
    [InlineData("pool", "ServerPool")]
    public void A_method_is_here_as_the_list_says(string owner, string kind)
    {
        string[] here = [.. Vocabulary.Methods.Where(method => method.Owner == kind).Select(method => method.Method.Name)];
        DnsdistName[] listed = [.. DnsdistNames.All.Where(name => name.Name.StartsWith($"{owner}:"))];
        Assert.Equal([], listed.Where(name => name.Fate is Fate.Same or Fate.Different != here.Contains(name.Name[(owner.Length + 1)..])).Select(name => name.Name));
        Assert.Equal([], here.Except(listed.Select(name => name.Name[(owner.Length + 1)..])));
    }

    /// <summary>What a call is, up to the value of one option of its table.</summary>
    [Theory]
    [InlineData("newServer", "newServer{address='192.0.2.1', ")]
    [InlineData("addLocal", "addLocal('192.0.2.1', {")]
    [InlineData("setLocal", "setLocal('192.0.2.1', {")]
    [InlineData("addTLSLocal", "addTLSLocal('192.0.2.1', '/cert', '/key', {")]
    [InlineData("addDOHLocal", "addDOHLocal('192.0.2.1', '/cert', '/key', '/', {")]
    [InlineData("setWebserverConfig", "setWebserverConfig({")]
    [InlineData("newPacketCache", "newPacketCache(100, {")]
    public void An_option_is_taken_as_the_list_says(string function, string call)
    {
        string end = call.Contains('(') ? "})" : "}";
        DnsdistName[] options = [.. DnsdistNames.All.Where(name => name.Name.StartsWith($"{function}{{"))];
        Assert.NotEmpty(options);
        Assert.Equal([], options.Where(option =>
        {
            string key = option.Name[(function.Length + 1)..^1];
            string[] said = Scripts.Said($"{call}{key}=true{end}");
            return option.Fate is Fate.Same or Fate.Different ? said.Any(line => line.Contains("unknown option")) : !said.Any(line => line.Contains(option.Note));
        }).Select(option => option.Name));
    }
}
