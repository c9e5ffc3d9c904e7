using System.Collections.Generic;
using System.Linq;
using Fastdist.Settings;

namespace Fastdist.Proxy;

/// <summary>What a running process cannot have otherwise: threads, memory that is shared out and sockets that are bound go by it.</summary>
internal static class FixedSettings
{
    /// <summary>A line for each setting that would have to change.</summary>
    /// <param name="present">The settings in use.</param>
    /// <param name="next">Those wanted.</param>
    /// <param name="mostUdpSize">The largest UDP answer that buffers were made for, bytes.</param>
    public static IEnumerable<string> Problems(ProxyOptions present, ProxyOptions next, int mostUdpSize)
    {
        (string Flag, object Now, object Wanted)[] settings =
        [
            ("shards", present.Shards, next.Shards),
            ("io", present.Io, next.Io),
            ("free-bind", present.FreeBind, next.FreeBind),
            ("max-in-flight", present.MaxInFlight, next.MaxInFlight),
            ("udp-receive-buffer", present.UdpReceiveBuffer, next.UdpReceiveBuffer),
            ("tcp-connections-mask-v4", present.ClientLimits.MaskV4, next.ClientLimits.MaskV4),
            ("tcp-connections-mask-v6", present.ClientLimits.MaskV6, next.ClientLimits.MaskV6),
            ("tcp-connections-mask-v4-port", present.ClientLimits.MaskV4Port, next.ClientLimits.MaskV4Port),
        ];
        foreach ((string flag, object now, object wanted) in settings.Where(static setting => !setting.Now.Equals(setting.Wanted)))
        {
            yield return $"--{flag} is {now} until the process is restarted, and cannot become {wanted} before";
        }

        if (next.UdpMaxSize > mostUdpSize)
        {
            yield return $"--udp-max-size is {mostUdpSize} at most until the process is restarted, and cannot become {next.UdpMaxSize} before";
        }
    }
}
