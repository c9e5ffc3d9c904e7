using System;
using System.Runtime.InteropServices;
using System.Text;
using Fastdist.Tls.Interop;

namespace Fastdist.Tls;

/// <summary>A TLS setting that cannot work: wrong file, wrong name. Start-up only.</summary>
public sealed class TlsConfigurationException : Exception
{
    /// <summary>Creates it with a message an operator can act on.</summary>
    public TlsConfigurationException(string message)
        : base(message)
    {
    }
}

/// <summary>OpenSSL's per-thread error queue, in words.</summary>
internal static unsafe class TlsErrors
{
    /// <summary>Empties the queue and describes its first entry, the cause of the others.</summary>
    public static string TakeQueue()
    {
        ulong error = OpenSsl.ERR_get_error();
        if (error == 0)
        {
            return "connection ended unexpectedly";
        }

        byte* reason = OpenSsl.ERR_reason_error_string(error);
        string? text = Marshal.PtrToStringUTF8((nint)reason);
        if (text is null)
        {
            const int Size = 256;
            byte* buffer = stackalloc byte[Size];
            OpenSsl.ERR_error_string_n(error, buffer, Size);
            text = Encoding.ASCII.GetString(MemoryMarshal.CreateReadOnlySpanFromNullTerminated(buffer));
        }

        OpenSsl.ERR_clear_error();
        return text;
    }
}
