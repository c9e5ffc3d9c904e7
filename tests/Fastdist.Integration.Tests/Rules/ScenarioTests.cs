using System.Threading.Tasks;
using Xunit;

namespace Fastdist.Integration.Tests.Rules;

/// <summary>The stored outcomes are dnsdist's, which is asked where <c>tools/newer-peers</c> has fetched it.</summary>
public sealed class StoredScenarioTests
{
    [Theory]
    [Scenarios("selectors-names")]
    [Scenarios("selectors-clients")]
    [Scenarios("selectors-message")]
    [Scenarios("selectors-http")]
    [Scenarios("selectors-combined")]
    [Scenarios("shorthand")]
    [Scenarios("answers-made")]
    [Scenarios("actions-forwarding")]
    [Scenarios("responses")]
    [Scenarios("chains")]
    [Scenarios("texts")]
    [Scenarios("lua")]
    [Scenarios("newer")]
    public Task Dnsdist_does_what_is_stored(string file, string scenario) => ScenarioComparison.DnsdistAsync(file, scenario);
}
