using System.Reflection;
using System.Runtime.InteropServices;
using Fastdist.Control.Configuration;
using Fastdist.Control.Secrets;
using Fastdist.Http;
using Fastdist.Tls;

namespace Fastdist;

/// <summary>What this binary is and can do.</summary>
internal static unsafe partial class Features
{
    public static string Version { get; } =
        typeof(Features).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? "unknown";

    private static string CLibraryVersion => Marshal.PtrToStringUTF8((nint)GetCLibraryVersion()) ?? "";

    /// <summary>Writes what <c>--version</c> prints.</summary>
    public static void Write(System.IO.TextWriter writer)
    {
        writer.WriteLine($"fastdist {Version}");
        writer.WriteLine($"Linked in: {TlsLibrary.Version}, nghttp2 {Http2Library.Version}, libsodium {SharedKey.LibraryVersion}, {ConfigurationFile.LuaVersion}, glibc {CLibraryVersion}, {RuntimeInformation.FrameworkDescription}");
        writer.WriteLine($"Enabled features: dns-over-https(nghttp2) dns-over-tls(openssl sslstream) libsodium lua(luajit) io(io_uring epoll) openssl({TlsLibrary.Version.Split(' ')[1]})");
    }

    [LibraryImport("libc", EntryPoint = "gnu_get_libc_version")]
    private static partial byte* GetCLibraryVersion();
}
