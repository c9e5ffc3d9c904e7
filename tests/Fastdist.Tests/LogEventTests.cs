using System.Collections.Generic;
using System.Linq;
using System.Reflection;
using System.Text.RegularExpressions;
using Fastdist.Control.Logging;
using Fastdist.Proxy;
using Fastdist.Settings;
using Microsoft.Extensions.Logging;
using Xunit;

namespace Fastdist.Tests;

/// <summary>Whoever filters the log by event finds one thing under one number and one name.</summary>
[Trait("Stage", "5")]
public sealed partial class LogEventTests
{
    private static readonly (int Id, string Name, string Template)[] s_events =
    [
        .. from assembly in new[] { typeof(Program).Assembly, typeof(LogProvider).Assembly, typeof(ProxyServer).Assembly }
           from type in assembly.GetTypes()
           from method in type.GetMethods(BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic)
           let message = method.GetCustomAttribute<LoggerMessageAttribute>()
           where message is not null
           select (message.EventId, message.EventName ?? method.Name, message.Message),
        (1, "LinesDropped", ""),
        (2, "MessagesSuppressed", ""),
        (ServerLog.Statistics.Id, ServerLog.Statistics.Name!, ""),
    ];

    [Fact]
    public void Every_event_has_a_number_and_a_name_of_its_own()
    {
        Assert.InRange(s_events.Length, 20, 100);
        Assert.Equal(s_events.Length, s_events.DistinctBy(e => e.Id).Count());
        Assert.Equal(s_events.Length, s_events.DistinctBy(e => e.Name).Count());
    }

    [Fact]
    public void No_parameter_takes_the_name_of_another_member_of_a_json_line()
    {
        IEnumerable<string> parameters = s_events.SelectMany(e => Parameter().Matches(e.Template)).Select(match => match.Groups[1].Value);
        Assert.Empty(parameters.Intersect(["ts", "level", "event", "id", "msg", "suppressed"]));
    }

    [Fact]
    public void All_kinds_together_grow_the_log_by_no_more_than_so_many_bytes_an_hour() =>
        Assert.InRange(s_events.Length * LogProvider.MaxBytes(LogFormat.Text, System.TimeSpan.FromHours(1)), 1, 310_000_000);

    [GeneratedRegex(@"\{(\w+)")]
    private static partial Regex Parameter();
}
