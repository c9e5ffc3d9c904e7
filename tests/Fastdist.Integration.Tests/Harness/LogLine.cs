using System;
using System.Text.Json;

namespace Fastdist.Integration.Tests.Harness;

/// <summary>A line of fastdist's log as <c>--log-format json</c> writes it.</summary>
internal sealed class LogLine
{
    /// <summary>What stands before its number; no member before it can hold the same.</summary>
    private const string BeforeNumber = "\"id\":";

    private readonly JsonElement _members;

    private LogLine(string line) => _members = JsonElement.Parse(line);

    public LogEvent Event => (LogEvent)_members.GetProperty("id").GetInt32();

    public string Message => this["msg"];

    /// <summary>Messages of its kind that were left out before it, or those that it tells of.</summary>
    public long Suppressed => _members.TryGetProperty("suppressed", out JsonElement count) ? count.GetInt64() : 0;

    /// <summary>The value of a member: of one that every line has, or of one of the message's parameters.</summary>
    public string this[string member] => _members.TryGetProperty(member, out JsonElement value)
        ? value.ToString()
        : throw new InvalidOperationException($"no '{member}' in {_members}");

    public static LogLine Parse(string line) => new(line);

    /// <summary>What kind a line is of, read from its number alone; null of what is no line of this log.</summary>
    public static LogEvent? EventOf(string line)
    {
        int at = line.StartsWith('{') ? line.IndexOf(BeforeNumber, StringComparison.Ordinal) : -1;
        if (at < 0)
        {
            return null;
        }

        ReadOnlySpan<char> rest = line.AsSpan(at + BeforeNumber.Length);
        return (LogEvent)int.Parse(rest[..rest.IndexOf(',')], System.Globalization.CultureInfo.InvariantCulture);
    }
}
