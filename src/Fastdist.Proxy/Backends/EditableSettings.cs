using Fastdist.Settings;

namespace Fastdist.Proxy.Backends;

/// <summary>Which settings of a backend can be others while it keeps its connections and sockets: those that are read where they are used.</summary>
internal static class EditableSettings
{
    /// <summary>Whether a backend comes from some settings to others by these alone.</summary>
    public static bool Lead(BackendOptions from, BackendOptions to) => from == to.With(from) with
    {
        Id = from.Id,
        Name = from.Name,
        CheckTcp = from.CheckTcp,
        UdpTimeout = from.UdpTimeout,
        ReconnectOnUp = from.ReconnectOnUp,
        MaxOutstandingQueries = from.MaxOutstandingQueries,
        ReleaseBuffers = from.ReleaseBuffers,
        TcpFastOpen = from.TcpFastOpen,
        Pools = from.Pools,
        Order = from.Order,
        Weight = from.Weight,
        Qps = from.Qps,
        TcpConnectTimeout = from.TcpConnectTimeout,
        TcpSendTimeout = from.TcpSendTimeout,
        QueryTimeout = from.QueryTimeout,
        SilenceTimeout = from.SilenceTimeout,
        Retries = from.Retries,
        CheckName = from.CheckName,
        CheckType = from.CheckType,
        CheckClass = from.CheckClass,
        SetCd = from.SetCd,
        CheckInterval = from.CheckInterval,
        CheckTimeout = from.CheckTimeout,
        MaxCheckFailures = from.MaxCheckFailures,
        Rise = from.Rise,
        HealthCheckMode = from.HealthCheckMode,
        LazyHealthCheck = from.LazyHealthCheck with { SampleSize = to.LazyHealthCheck.SampleSize },
        MustResolve = from.MustResolve,
    };
}
