using System.Collections.Generic;
using System.Linq;

namespace Fastdist.Integration.Tests.Harness;

/// <summary>How many answers had which rcode, in words that a failed comparison shows.</summary>
internal static class Tally
{
    public static string Of(IEnumerable<ParsedMessage> answers) =>
        string.Join(", ", answers.GroupBy(answer => answer.Rcode).OrderBy(group => group.Key).Select(group => $"{group.Count()} {group.Key}"));
}
