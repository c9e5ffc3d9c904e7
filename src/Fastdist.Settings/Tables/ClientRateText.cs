using System;
using Fastdist.Settings.Rules;

namespace Fastdist.Settings.Tables;

/// <summary>How often a client may ask, as it is written: <c>100</c>, <c>100,answer=tc</c>.</summary>
internal static class ClientRateText
{
    private const int Most = 100_000_000;
    private const string Option = "answer=";

    private static readonly (string Name, OverLimitAnswer Answer)[] s_answers = [("tc", OverLimitAnswer.Truncate), ("refused", OverLimitAnswer.Refuse), ("drop", OverLimitAnswer.Drop)];

    /// <summary>Reads one.</summary>
    /// <exception cref="FormatException">It is none; the message says what was expected.</exception>
    public static ClientRateLimit Read(string text)
    {
        int comma = text.IndexOf(',', StringComparison.Ordinal);
        var limit = new ClientRateLimit((uint)Values.Integer(comma < 0 ? text : text[..comma], 1, Most));
        return comma < 0 ? limit
            : text.AsSpan(comma + 1).StartsWith(Option, StringComparison.Ordinal) ? limit with { Answer = Values.OneOf(text[(comma + 1 + Option.Length)..], s_answers) }
            : throw new FormatException("expected a number, or one with ,answer=tc, ,answer=refused or ,answer=drop behind it");
    }

    /// <summary>Writes one; null where there is none.</summary>
    public static string? Show(ClientRateLimit? limit) => limit is null ? null
        : limit.Answer == OverLimitAnswer.Drop ? $"{limit.Rate}" : $"{limit.Rate},{Option}{Values.NameOf(limit.Answer, s_answers)}";
}
