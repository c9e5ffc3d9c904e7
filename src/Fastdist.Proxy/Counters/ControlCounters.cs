namespace Fastdist.Proxy;

/// <summary>What the control thread counted.</summary>
public sealed class ControlCounters
{
    /// <summary>Reloads that took effect.</summary>
    public long Reloads;

    /// <summary>Reloads that were refused for an error, leaving all as it was.</summary>
    public long ReloadFailures;

    /// <summary>What the log counts; null while nobody does.</summary>
    public ILogCounters? Log { get; set; }
}
