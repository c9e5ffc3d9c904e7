namespace Fastdist.Proxy.Counters;

/// <summary>What the control thread counted.</summary>
public sealed class ControlCounters
{
    /// <summary>Reloads that renewed everything.</summary>
    public long Reloads;

    /// <summary>Reloads that something could not be renewed in.</summary>
    public long ReloadFailures;

    /// <summary>What the log counts; null while nobody does.</summary>
    public ILogCounters? Log { get; set; }
}
