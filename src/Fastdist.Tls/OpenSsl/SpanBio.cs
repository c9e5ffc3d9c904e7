using System;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Fastdist.Tls.Interop;

namespace Fastdist.Tls;

/// <summary>
/// What OpenSSL reads from and writes into during one call. Invariant: <c>Input</c> and <c>Output</c>
/// point into spans pinned by the call that set them and are null outside of it; what OpenSSL writes
/// when no window is open or the window is full goes to <c>Spill</c>, owned by the session.
/// </summary>
internal unsafe struct BioWindow
{
    public byte* Input;
    public int InputLength;
    public byte* Output;
    public int OutputLength;
    public int OutputUsed;
    public byte* Spill;
    public int SpillLength;
    public int SpillCapacity;

    /// <summary>X509_V_ERR_* of the first certificate that failed, 0 when none did.</summary>
    public int VerifyError;

    /// <summary>Whose certificate that was; null when none failed. Owned by the session.</summary>
    public RefusedCertificate* Refused;
}

/// <summary>The names in a certificate that was refused.</summary>
internal struct RefusedCertificate
{
    public VerifyName Subject;
    public VerifyName Issuer;
}

/// <summary>A distinguished name in RFC 2253 form, zero-terminated, cut at the end.</summary>
[InlineArray(256)]
internal struct VerifyName
{
    private byte _first;
}

/// <summary>
/// A BIO over spans: OpenSSL takes ciphertext straight from the receive buffer and puts records
/// straight into the send batch, with no memory BIO in between.
/// </summary>
internal static unsafe class SpanBio
{
    private static readonly nint s_method = CreateMethod();

    /// <summary>Makes a BIO bound to a window in native memory.</summary>
    public static nint Create(BioWindow* window)
    {
        nint bio = OpenSsl.BIO_new(s_method);
        OpenSsl.BIO_set_data(bio, window);
        OpenSsl.BIO_set_init(bio, 1);

        // Running dry always means "more later", so the retry flags can stay set for ever.
        OpenSsl.BIO_set_flags(bio, OpenSsl.BioFlagRead | OpenSsl.BioFlagShouldRetry);
        return bio;
    }

    /// <summary>The window of a session's BIO.</summary>
    public static BioWindow* WindowOf(nint session) => (BioWindow*)OpenSsl.BIO_get_data(OpenSsl.SSL_get_rbio(session));

    /// <summary>Frees the spill when nothing waits in it.</summary>
    public static void FreeSpill(BioWindow* window)
    {
        if (window->SpillLength == 0)
        {
            NativeMemory.Free(window->Spill);
            window->Spill = null;
            window->SpillCapacity = 0;
        }
    }

    /// <summary>Frees a window and what it owns.</summary>
    public static void Free(BioWindow* window)
    {
        NativeMemory.Free(window->Spill);
        NativeMemory.Free(window->Refused);
        NativeMemory.Free(window);
    }

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
        var window = (BioWindow*)OpenSsl.BIO_get_data(bio);
        if (window->InputLength == 0)
        {
            return -1;
        }

        int count = Math.Min(length, window->InputLength);
        Buffer.MemoryCopy(window->Input, destination, length, count);
        window->Input += count;
        window->InputLength -= count;
        return count;
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int Write(nint bio, byte* source, int length)
    {
        var window = (BioWindow*)OpenSsl.BIO_get_data(bio);
        int room = window->SpillLength == 0 ? window->OutputLength - window->OutputUsed : 0;
        int count = Math.Min(length, room);
        Buffer.MemoryCopy(source, window->Output + window->OutputUsed, room, count);
        window->OutputUsed += count;
        if (count < length)
        {
            Spill(window, source + count, length - count);
        }

        return length;
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static nint Control(nint bio, int command, nint number, void* pointer) => command == OpenSsl.BioCtrlFlush ? 1 : 0;

    private static void Spill(BioWindow* window, byte* source, int length)
    {
        int needed = window->SpillLength + length;
        if (needed > window->SpillCapacity)
        {
            window->SpillCapacity = Math.Max(needed, 4096);
            window->Spill = (byte*)NativeMemory.Realloc(window->Spill, (nuint)window->SpillCapacity);
        }

        Buffer.MemoryCopy(source, window->Spill + window->SpillLength, window->SpillCapacity - window->SpillLength, length);
        window->SpillLength = needed;
    }
}
