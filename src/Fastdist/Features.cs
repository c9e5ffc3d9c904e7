using System.Reflection;
using Fastdist.Tls;

namespace Fastdist;

/// <summary>What this binary is and can do.</summary>
internal static class Features
{
    public static string Version { get; } =
        typeof(Features).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? "unknown";

    public static void Write(System.IO.TextWriter writer)
    {
        writer.WriteLine($"fastdist {Version}");
        writer.WriteLine($"Enabled features: dns-over-https(nghttp2) dns-over-tls(openssl sslstream) libsodium io(io_uring epoll) openssl({TlsLibrary.Version.Split(' ')[1]})");
    }
}
