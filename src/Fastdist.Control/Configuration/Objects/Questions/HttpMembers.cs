using System;
using System.Collections.Generic;
using System.Linq;
using Fastdist.Rules.Chains;

namespace Fastdist.Control.Configuration.Objects.Questions;

/// <summary>What a query's HTTP request says; nothing for one that came otherwise.</summary>
internal static class HttpMembers
{
    /// <summary>The path, without what follows a question mark.</summary>
    public static ReadOnlySpan<byte> Path(Question question)
    {
        int mark = question.Target.IndexOf((byte)'?');
        return mark < 0 ? question.Target : question.Target[..mark];
    }

    /// <summary>What follows the path, with its question mark.</summary>
    public static ReadOnlySpan<byte> QueryString(Question question)
    {
        int mark = question.Target.IndexOf((byte)'?');
        return mark < 0 ? default : question.Target[mark..];
    }

    /// <summary>Whom it was sent to, where header fields are kept.</summary>
    public static string Host(Question question) => Field(question, ":authority") ?? Field(question, "host") ?? "";

    /// <summary>Its scheme.</summary>
    public static string Scheme(Question question) => question.HasRequest ? Field(question, ":scheme") ?? "https" : "";

    /// <summary>Its header fields, where they are kept.</summary>
    public static IEnumerable<(string Name, string Value)> Headers(Question question) => question.Fields.Where(static field => !field.Name.StartsWith(':'));

    private static string? Field(Question question, string name) => question.Fields.FirstOrDefault(field => field.Name == name).Value;
}
