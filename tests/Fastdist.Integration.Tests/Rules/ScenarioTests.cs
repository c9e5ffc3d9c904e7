using System.Threading.Tasks;
using Xunit;

namespace Fastdist.Integration.Tests.Rules;

/// <summary>What scenarios are compared with: dnsdist's outcomes, stored in their files.</summary>
public sealed class StoredScenarioTests
{
    /// <summary>Where there is no such dnsdist, the test says so, and the others go by what is stored.</summary>
    [Theory]
    [InlineData("selectors-names")]
    [InlineData("selectors-clients")]
    [InlineData("selectors-message")]
    [InlineData("selectors-http")]
    [InlineData("selectors-combined")]
    [InlineData("shorthand")]
    [InlineData("answers-made")]
    [InlineData("actions-forwarding")]
    [InlineData("responses")]
    [InlineData("chains")]
    [InlineData("texts")]
    [InlineData("lua")]
    [InlineData("newer")]
    [InlineData("cache-answers")]
    [InlineData("cache-console")]
    [InlineData("cache-keys")]
    [InlineData("cache-options")]
    [InlineData("cache-rules")]
    [InlineData("cache-stale")]
    public Task Dnsdist_still_does_what_is_stored(string file) => ScenarioComparison.DnsdistAsync(file);
}

/// <summary>fastdist's selectors, beside dnsdist's.</summary>
public sealed class SelectorScenarioTests
{
    [Theory]
    [Scenarios("selectors-names")]
    [Scenarios("selectors-clients")]
    [Scenarios("selectors-message")]
    [Scenarios("selectors-http")]
    [Scenarios("selectors-combined")]
    [Scenarios("shorthand")]
    public Task Fastdist_does_as_dnsdist(string file, string scenario) => ScenarioComparison.FastdistAsync(file, scenario);
}

/// <summary>Answers that fastdist makes itself, beside dnsdist's.</summary>
public sealed class AnswerScenarioTests
{
    [Theory]
    [Scenarios("answers-made")]
    public Task Fastdist_does_as_dnsdist(string file, string scenario) => ScenarioComparison.FastdistAsync(file, scenario);
}

/// <summary>What fastdist does to queries on their way and to answers on their way back, beside dnsdist.</summary>
public sealed class ForwardingScenarioTests
{
    [Theory]
    [Scenarios("actions-forwarding")]
    [Scenarios("responses")]
    public Task Fastdist_does_as_dnsdist(string file, string scenario) => ScenarioComparison.FastdistAsync(file, scenario);
}

/// <summary>Chains in fastdist's console, beside dnsdist's.</summary>
public sealed class ChainScenarioTests
{
    [Theory]
    [Scenarios("chains")]
    [Scenarios("texts")]
    [Scenarios("newer")]
    public Task Fastdist_does_as_dnsdist(string file, string scenario) => ScenarioComparison.FastdistAsync(file, scenario);
}

/// <summary>Lua on a query's way, beside dnsdist's.</summary>
public sealed class LuaScenarioTests
{
    [Theory]
    [Scenarios("lua")]
    public Task Fastdist_does_as_dnsdist(string file, string scenario) => ScenarioComparison.FastdistAsync(file, scenario);
}

/// <summary>fastdist's packet cache, beside dnsdist's.</summary>
public sealed class CacheScenarioTests
{
    [Theory]
    [Scenarios("cache-answers")]
    [Scenarios("cache-console")]
    [Scenarios("cache-keys")]
    [Scenarios("cache-options")]
    [Scenarios("cache-rules")]
    [Scenarios("cache-stale")]
    public Task Fastdist_does_as_dnsdist(string file, string scenario) => ScenarioComparison.FastdistAsync(file, scenario);
}
