namespace Fastdist.Proxy.Backends;

/// <summary>A backend's place in a pool, and where it says that something changed.</summary>
/// <param name="Member">Its number there.</param>
/// <param name="Readiness">Those whose readiness may be another.</param>
/// <param name="Loads">Those whose load is another.</param>
internal sealed record Membership(int Member, ChangeList Readiness, ChangeList Loads);
