using System;
using System.Collections.Generic;
using Microsoft.Extensions.Logging;

namespace Fastdist.Control.Logging;

/// <summary>What a line is made from.</summary>
/// <param name="Time">When it was logged.</param>
/// <param name="Level">Its level.</param>
/// <param name="Event">Number and name of its kind.</param>
/// <param name="Message">The message, with whatever the network put into it.</param>
/// <param name="Suppressed">Messages of the kind that were left out before this one.</param>
/// <param name="IsLimited">Whether the line has a greatest length.</param>
internal readonly record struct LogLine(
    DateTimeOffset Time, LogLevel Level, EventId Event, string Message, long Suppressed = 0, bool IsLimited = true)
{
    /// <summary>The message's parameters by name.</summary>
    public IReadOnlyList<KeyValuePair<string, object?>> Parameters { get; init; } = [];
}
