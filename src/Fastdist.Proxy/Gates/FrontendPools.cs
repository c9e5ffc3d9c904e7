using System.Linq;
using Fastdist.Dns;
using Fastdist.Settings;

namespace Fastdist.Proxy.Gates;

/// <summary>Sends what comes to a frontend to the frontend's pool, unless somebody who is asked later chooses another.</summary>
/// <param name="options">The proxy's settings.</param>
internal sealed class FrontendPools(ProxyOptions options) : IJudge
{
    private readonly int[] _pools = options.PoolsOfFrontends();

    /// <summary>Whether there is anything to decide.</summary>
    public static bool Judges(ProxyOptions options) => options.Frontends.Any(static frontend => frontend.Pool != PoolOptions.Default);

    /// <inheritdoc/>
    public Fate Judge(in Query query, in Origin origin, Judgement judgement)
    {
        if (_pools[origin.Frontend] is > 0 and int pool)
        {
            judgement.Decision.Pool = (short)pool;
        }

        return Fate.Undecided;
    }
}
