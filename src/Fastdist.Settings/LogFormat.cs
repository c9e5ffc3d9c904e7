namespace Fastdist.Settings;

/// <summary>How lines of the log are written; control characters never reach a line as they are.</summary>
public enum LogFormat
{
    /// <summary>The message behind its time (RFC 3339, UTC).</summary>
    Text,

    /// <summary>The message alone, for where somebody else writes the time, as the journal does.</summary>
    Bare,

    /// <summary>An object a line: time, level, event, message, and the message's parameters (RFC 8259).</summary>
    Json,

    /// <summary>The message behind its priority, as the journal takes it from standard error (sd-daemon(3)).</summary>
    Systemd,
}
