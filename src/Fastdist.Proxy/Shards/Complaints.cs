using System.Threading;
using Fastdist.Proxy.Frontends;
using Fastdist.Ring;
using Fastdist.Settings;
using Microsoft.Extensions.Logging;

namespace Fastdist.Proxy.Shards;

/// <summary>
/// What all shards have to say of a shortage, which lasts: once a minute is enough, whoever sees it. Any thread may; none waits.
/// </summary>
/// <param name="log">Where to log.</param>
internal sealed class Complaints(ILogger log)
{
    private const long MinuteMicroseconds = 60_000_000;

    private long _descriptorsNotBefore;
    private long _acceptNotBefore;

    /// <summary>There is no descriptor left.</summary>
    /// <param name="now">Microseconds of the shards' clock.</param>
    /// <param name="errno">EMFILE or ENFILE.</param>
    public void NoDescriptor(long now, int errno)
    {
        if (IsDue(ref _descriptorsNotBefore, now))
        {
            log.DescriptorsExhausted(Sockets.Describe(errno));
        }
    }

    /// <summary>A listener cannot accept for another reason.</summary>
    /// <param name="now">Microseconds of the shards' clock.</param>
    /// <param name="frontend">Whose listener.</param>
    /// <param name="errno">Why.</param>
    public void CannotAccept(long now, FrontendOptions frontend, int errno)
    {
        if (IsDue(ref _acceptNotBefore, now))
        {
            log.CannotAccept(frontend.Flag, Sockets.Describe(errno));
        }
    }

    private static bool IsDue(ref long notBefore, long now)
    {
        long due = Volatile.Read(ref notBefore);
        return now >= due && Interlocked.CompareExchange(ref notBefore, now + MinuteMicroseconds, due) == due;
    }
}
