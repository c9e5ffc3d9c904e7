using Fastdist.Http;
using Fastdist.Rules.Patterns;
using Fastdist.Settings;

namespace Fastdist.Rules.Responses;

/// <summary>A response that requests get whose path, as it was sent and without what follows a question mark, a pattern is found in.</summary>
/// <param name="pattern">The pattern.</param>
/// <param name="response">The response.</param>
public sealed class PatternResponse(Pattern pattern, FixedResponse response) : MappedResponse(pattern.Text, response)
{
    /// <summary>The pattern.</summary>
    public Pattern Pattern => pattern;
}
