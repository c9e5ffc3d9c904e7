using Fastdist.Proxy.Machines;

namespace Fastdist.Proxy.Backends;

/// <summary>
/// Warm spares: established connections that carry nothing until one in use ends or is full, so that a backend that
/// closes after so many queries costs no handshake between two of them.
/// </summary>
/// <param name="shard">The shard.</param>
/// <param name="known">The backend.</param>
/// <param name="connections">Its connections, open or not.</param>
internal sealed class Spares(ShardContext shard, KnownBackend known, BackendConnection[] connections)
{
    /// <summary>A backend that keeps closing spares unused is asked for one this seldom: an idle proxy has no use for it.</summary>
    private const long MostPauseMicroseconds = 60_000_000;
    private const long LeastPauseMicroseconds = 100_000;

    private readonly Backoff _backoff = new(shard.Random, LeastPauseMicroseconds, MostPauseMicroseconds, part: 1);

    /// <summary>How many are to be opened now.</summary>
    public int Missing => _backoff.IsOver(shard.Clock.Now) ? Wanted : 0;

    /// <summary>When some are to be opened, microseconds of the shard's clock; the greatest number when none are.</summary>
    public long DueAt => Wanted > 0 ? _backoff.OverAt : long.MaxValue;

    /// <summary>How many more there are to be, beside a connection that works.</summary>
    private int Wanted
    {
        get
        {
            int missing = known.Options.SpareConnections;
            if (missing == 0 || !known.Status.IsUp)
            {
                return 0;
            }

            bool hasWorking = false;
            foreach (BackendConnection connection in connections)
            {
                missing -= connection is { IsSpare: true, IsForTrial: false } && (connection.IsStarting || connection.State == ConnectionState.Ready) ? 1 : 0;
                hasWorking |= connection is { IsSpare: false, IsSuspect: false, State: ConnectionState.Ready };
            }

            return hasWorking ? missing : 0;
        }
    }

    /// <summary>Takes a spare into use, one that is ready if there is.</summary>
    /// <returns>False when there is none.</returns>
    public bool TryUse()
    {
        BackendConnection? spare = null;
        foreach (BackendConnection connection in connections)
        {
            if (connection is { IsSpare: true, IsForTrial: false } && (connection.State == ConnectionState.Ready || (connection.IsStarting && spare is null)))
            {
                spare = connection;
            }
        }

        spare?.Use();
        return spare is not null;
    }

    /// <summary>One ended unused, or could not be had: the next comes after a pause.</summary>
    public void Failed() => _backoff.Failed(shard.Clock.Now);

    /// <summary>One that was taken into use has answered.</summary>
    public void Proven() => _backoff.Succeeded();
}
