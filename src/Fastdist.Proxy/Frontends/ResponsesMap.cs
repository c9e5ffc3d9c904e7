using System;
using System.Collections.Generic;
using System.Linq;
using Fastdist.Http;
using Fastdist.Rules.Patterns;
using Fastdist.Rules.Responses;
using Fastdist.Settings;

namespace Fastdist.Proxy.Frontends;

/// <summary>The responses that a frontend gives in place of DNS, as one shard looks for them: in order, the first whose pattern is in the path.</summary>
/// <param name="entries">The responses. Their patterns were compiled when they were configured.</param>
internal sealed class ResponsesMap(IReadOnlyList<MappedResponse> entries)
{
    private readonly (PatternMatcher Path, FixedResponse Response)[] _entries =
        [.. entries.Cast<PatternResponse>().Select(static entry => (entry.Pattern.CreateMatcher(), entry.Response))];

    /// <summary>Finds the response for a request; null where it is one for DNS, or of a method that is not answered otherwise either.</summary>
    public FixedResponse? Find(in HttpRequest request)
    {
        if (_entries.Length == 0 || request.Method is not (HttpMethod.Get or HttpMethod.Head or HttpMethod.Post))
        {
            return null;
        }

        ReadOnlySpan<byte> path = request.Path;
        foreach ((PatternMatcher matcher, FixedResponse response) in _entries)
        {
            if (matcher.Matches(path))
            {
                return response;
            }
        }

        return null;
    }
}
