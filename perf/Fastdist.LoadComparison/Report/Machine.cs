using System;
using System.IO;
using System.Linq;

namespace Fastdist.LoadComparison.Report;

/// <summary>Where the figures were taken, and with what.</summary>
internal static class Machine
{
    public static string Processor() => File.ReadLines("/proc/cpuinfo")
        .FirstOrDefault(line => line.StartsWith("model name", StringComparison.Ordinal))?.Split(':', 2)[1].Trim() ?? "unknown processor";

    public static string Kernel() => File.ReadAllText("/proc/sys/kernel/osrelease").Trim();

    public static string CongestionControl() => File.ReadAllText("/proc/sys/net/ipv4/tcp_congestion_control").Trim();

    public static string OpenSslVersion()
    {
        var words = Child.Output("openssl", "version").Split(' ');
        return string.Join(' ', words.Take(2));
    }

    public static string H2loadVersion() => Child.Output("h2load", "--version").Trim();

    public static string DnsperfVersion()
    {
        var version = Child.Output("dnsperf", "-h").Split('\n').FirstOrDefault(line => line.StartsWith("Version ", StringComparison.Ordinal));
        return version is null ? "dnsperf" : version.Replace("Version", "dnsperf", StringComparison.Ordinal);
    }
}
