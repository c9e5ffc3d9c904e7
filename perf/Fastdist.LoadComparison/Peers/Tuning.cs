namespace Fastdist.LoadComparison.Peers;

/// <summary>One choice of the settings that an operator of a peer would try for speed.</summary>
/// <param name="Text">As the results name it; empty where there is nothing to choose.</param>
internal record Tuning(string Text)
{
    public static readonly Tuning[] None = [new("")];
}
