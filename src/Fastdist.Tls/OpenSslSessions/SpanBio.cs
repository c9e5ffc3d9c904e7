using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Fastdist.Tls.Interop;

namespace Fastdist.Tls.OpenSslSessions;

/// <summary>
/// A BIO over spans: OpenSSL takes ciphertext straight from the receive buffer and puts records
/// straight into the send batch, with no memory BIO in between.
/// </summary>
internal static unsafe class SpanBio
{
    private static readonly nint s_method = CreateMethod();

    /// <summary>Makes a BIO bound to a window in native memory.</summary>
    public static nint Create(SpanWindow* window)
    {
        nint bio = OpenSsl.BIO_new(s_method);
        OpenSsl.BIO_set_data(bio, window);
        OpenSsl.BIO_set_init(bio, 1);

        // Running dry always means "more later", so the retry flags can stay set for ever.
        OpenSsl.BIO_set_flags(bio, OpenSsl.BioFlagRead | OpenSsl.BioFlagShouldRetry);
        return bio;
    }

    /// <summary>The window of a session's BIO.</summary>
    public static SpanWindow* WindowOf(nint session) => (SpanWindow*)OpenSsl.BIO_get_data(OpenSsl.SSL_get_rbio(session));

    private static nint CreateMethod()
    {
        nint method = OpenSsl.BIO_meth_new(OpenSsl.BIO_get_new_index() | OpenSsl.BioTypeSourceSink, "span");
        OpenSsl.BIO_meth_set_read(method, &Read);
        OpenSsl.BIO_meth_set_write(method, &Write);
        OpenSsl.BIO_meth_set_ctrl(method, &Control);
        return method;
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int Read(nint bio, byte* destination, int length)
    {
        int count = ((SpanWindow*)OpenSsl.BIO_get_data(bio))->Read(destination, length);
        return count == 0 ? -1 : count;
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int Write(nint bio, byte* source, int length)
    {
        ((SpanWindow*)OpenSsl.BIO_get_data(bio))->Write(source, length);
        return length;
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static nint Control(nint bio, int command, nint number, void* pointer) => command == OpenSsl.BioCtrlFlush ? 1 : 0;
}
