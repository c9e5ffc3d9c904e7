using System.Runtime.InteropServices;
using Fastdist.Http.Interop;

namespace Fastdist.Http;

/// <summary>The linked nghttp2.</summary>
public static unsafe class Http2Library
{
    /// <summary>For instance <c>1.52.0</c>.</summary>
    public static string Version => Marshal.PtrToStringUTF8((nint)NgHttp2.nghttp2_version(0)->Version) ?? "";
}
