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
    public static string TakeQueue() => TakeQueue(out _);

    /// <summary>Empties the queue and describes its first entry, the cause of the others.</summary>
    /// <param name="reason">SSL_R_* of the first entry that is libssl's own; 0 when there is none.</param>
    public static string TakeQueue(out int reason)
    {
        ulong error = OpenSsl.ERR_get_error();
        reason = ReasonOf(error);
        string text = Describe(error);
        while (reason == 0 && error != 0)
        {
            error = OpenSsl.ERR_get_error();
            reason = ReasonOf(error);
        }

        OpenSsl.ERR_clear_error();
        return text;
    }

    /// <summary>The SSL_R_* of an error; 0 when it is another library's.</summary>
    public static int ReasonOf(ulong error) => (int)(error >> 23) == OpenSsl.ErrorLibrarySsl ? (int)(error & 0x7FFFFF) : 0;

    private static string Describe(ulong error)
    {
        if (error == 0)
        {
            return "connection ended unexpectedly";
        }

        if (Marshal.PtrToStringUTF8((nint)OpenSsl.ERR_reason_error_string(error)) is { } text)
        {
            return text;
        }

        const int Size = 256;
        byte* buffer = stackalloc byte[Size];
        OpenSsl.ERR_error_string_n(error, buffer, Size);
        return Encoding.ASCII.GetString(MemoryMarshal.CreateReadOnlySpanFromNullTerminated(buffer));
    }
}
