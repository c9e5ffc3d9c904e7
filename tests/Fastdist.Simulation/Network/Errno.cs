namespace Fastdist.Simulation.Network;

/// <summary>What the kernel says, by the numbers of Linux.</summary>
internal static class Errno
{
    public const int TooManyOpenFiles = 24;
    public const int BrokenPipe = 32;
    public const int ConnectionReset = 104;
    public const int TimedOut = 110;
    public const int ConnectionRefused = 111;
}
