using System.Linq;
using Fastdist.Dns;
using Fastdist.Settings;

namespace Fastdist.Proxy.Gates;

/// <summary>Sends what comes to a frontend to the frontend's pool, unless somebody who is asked later chooses another.</summary>
internal sealed class FrontendPools : IJudge
{
    /// <summary>Whether there is anything to decide.</summary>
    public static bool Judges(ProxyOptions options) => options.Frontends.Any(static frontend => frontend.Pool != PoolOptions.Default);

    /// <inheritdoc/>
    public Fate Judge(in Query query, in Origin origin, Judgement judgement)
    {
        if (origin.Pool > 0)
        {
            judgement.Decision.Pool = (short)origin.Pool;
        }

        return Fate.Undecided;
    }
}
