using System.Runtime.InteropServices;

namespace Fastdist.Http.Interop;

/// <summary>nghttp2 1.61 or later, or Debian's 1.52 with its security updates, as far as it is used. The calls that run callbacks keep the GC transition.</summary>
internal static unsafe partial class NgHttp2
{
    private const string Library = "libnghttp2";

    public const byte FrameData = 0, FrameHeaders = 1, FramePriority = 2, FrameReset = 3, FrameSettings = 4, FrameGoaway = 7, FrameContinuation = 9;

    public const byte FlagEndStream = 1, FlagEndHeaders = 4, FlagNone = 0;

    public const int SettingMaxConcurrentStreams = 3, SettingMaxHeaderListSize = 6, SettingNoPriorities = 9;

    public const uint NoError = 0, ProtocolError = 1, InternalError = 2, StreamClosed = 5, EnhanceYourCalm = 11;

    public const byte NoIndex = 1, NoCopyName = 2, NoCopyValue = 4;

    public const uint DataEnd = 1;

    /// <summary>NGHTTP2_ERR_CALLBACK_FAILURE: from a callback, makes the call that runs it fail.</summary>
    public const int StopReading = -902;

    /// <summary>NGHTTP2_ERR_FLOODED and NGHTTP2_ERR_TOO_MANY_CONTINUATIONS.</summary>
    public const int TooManyAcknowledgements = -904, TooManyContinuations = -905;

    /// <summary>NGHTTP2_ERR_TEMPORAL_CALLBACK_FAILURE: from a callback about headers, resets the stream.</summary>
    public const int ResetThisStream = -521;

    [LibraryImport(Library)]
    public static partial LibraryInfo* nghttp2_version(int least);

    [LibraryImport(Library)]
    public static partial byte* nghttp2_strerror(int error);

    [LibraryImport(Library)]
    public static partial int nghttp2_session_callbacks_new(nint* callbacks);

    [LibraryImport(Library)]
    public static partial void nghttp2_session_callbacks_set_on_begin_frame_callback(nint callbacks, delegate* unmanaged[Cdecl]<nint, FrameHeader*, void*, int> callback);

    [LibraryImport(Library)]
    public static partial void nghttp2_session_callbacks_set_on_begin_headers_callback(nint callbacks, delegate* unmanaged[Cdecl]<nint, FrameHeader*, void*, int> callback);

    [LibraryImport(Library)]
    public static partial void nghttp2_session_callbacks_set_on_header_callback(
        nint callbacks, delegate* unmanaged[Cdecl]<nint, FrameHeader*, byte*, nuint, byte*, nuint, byte, void*, int> callback);

    [LibraryImport(Library)]
    public static partial void nghttp2_session_callbacks_set_on_data_chunk_recv_callback(
        nint callbacks, delegate* unmanaged[Cdecl]<nint, byte, int, byte*, nuint, void*, int> callback);

    [LibraryImport(Library)]
    public static partial void nghttp2_session_callbacks_set_on_frame_recv_callback(nint callbacks, delegate* unmanaged[Cdecl]<nint, FrameHeader*, void*, int> callback);

    [LibraryImport(Library)]
    public static partial void nghttp2_session_callbacks_set_on_invalid_frame_recv_callback(nint callbacks, delegate* unmanaged[Cdecl]<nint, FrameHeader*, int, void*, int> callback);

    [LibraryImport(Library)]
    public static partial void nghttp2_session_callbacks_set_on_frame_send_callback(nint callbacks, delegate* unmanaged[Cdecl]<nint, FrameHeader*, void*, int> callback);

    [LibraryImport(Library)]
    public static partial void nghttp2_session_callbacks_set_on_stream_close_callback(nint callbacks, delegate* unmanaged[Cdecl]<nint, int, uint, void*, int> callback);

    [LibraryImport(Library)]
    public static partial int nghttp2_option_new(nint* option);

    [LibraryImport(Library)]
    public static partial void nghttp2_option_del(nint option);

    [LibraryImport(Library)]
    public static partial void nghttp2_option_set_no_closed_streams(nint option, int value);

    [LibraryImport(Library)]
    public static partial void nghttp2_option_set_max_outbound_ack(nint option, nuint value);

    [LibraryImport(Library)]
    public static partial void nghttp2_option_set_max_continuations(nint option, nuint value);

    [LibraryImport(Library)]
    public static partial void nghttp2_option_set_stream_reset_rate_limit(nint option, ulong burst, ulong rate);

    [LibraryImport(Library)]
    public static partial int nghttp2_session_server_new3(nint* session, nint callbacks, void* user, nint option, AllocatorFunctions* allocator);

    [LibraryImport(Library)]
    public static partial void nghttp2_session_del(nint session);

    [LibraryImport(Library)]
    public static partial nint nghttp2_session_mem_recv(nint session, byte* bytes, nuint length);

    [LibraryImport(Library)]
    public static partial nint nghttp2_session_mem_send(nint session, byte** bytes);

    [LibraryImport(Library)]
    [SuppressGCTransition]
    public static partial int nghttp2_session_want_read(nint session);

    [LibraryImport(Library)]
    [SuppressGCTransition]
    public static partial int nghttp2_session_want_write(nint session);

    [LibraryImport(Library)]
    [SuppressGCTransition]
    public static partial void* nghttp2_session_get_stream_user_data(nint session, int stream);

    [LibraryImport(Library)]
    [SuppressGCTransition]
    public static partial int nghttp2_session_set_stream_user_data(nint session, int stream, void* data);

    [LibraryImport(Library)]
    public static partial int nghttp2_session_get_last_proc_stream_id(nint session);

    [LibraryImport(Library)]
    public static partial int nghttp2_submit_settings(nint session, byte flags, Setting* settings, nuint count);

    [LibraryImport(Library)]
    public static partial int nghttp2_submit_response(nint session, int stream, HeaderField* headers, nuint count, DataProvider* body);

    [LibraryImport(Library)]
    public static partial int nghttp2_submit_headers(nint session, byte flags, int stream, void* priority, HeaderField* headers, nuint count, void* streamUser);

    [LibraryImport(Library)]
    [SuppressGCTransition]
    public static partial int nghttp2_session_get_stream_remote_close(nint session, int stream);

    [LibraryImport(Library)]
    public static partial int nghttp2_submit_rst_stream(nint session, byte flags, int stream, uint error);

    [LibraryImport(Library)]
    public static partial int nghttp2_submit_goaway(nint session, byte flags, int lastStream, uint error, byte* text, nuint length);

    [LibraryImport(Library)]
    public static partial int nghttp2_session_terminate_session(nint session, uint error);
}

/// <summary>nghttp2_frame_hd, with which every nghttp2_frame begins.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct FrameHeader
{
    public nuint Length;
    public int StreamId;
    public byte Type;
    public byte Flags;
    public byte Reserved;
}

/// <summary>nghttp2_data.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct DataFrame
{
    public FrameHeader Header;

    /// <summary>Bytes of padding, the one that tells its length among them.</summary>
    public nuint Padding;
}

/// <summary>nghttp2_nv.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct HeaderField
{
    public byte* Name;
    public byte* Value;
    public nuint NameLength;
    public nuint ValueLength;
    public byte Flags;
}

/// <summary>nghttp2_settings_entry.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct Setting
{
    public int Id;
    public uint Value;
}

/// <summary>nghttp2_data_provider.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct DataProvider
{
    public void* Source;
    public delegate* unmanaged[Cdecl]<nint, int, byte*, nuint, uint*, void**, void*, nint> Read;
}

/// <summary>nghttp2_mem.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct AllocatorFunctions
{
    public void* User;
    public delegate* unmanaged[Cdecl]<nuint, void*, void*> Allocate;
    public delegate* unmanaged[Cdecl]<void*, void*, void> Free;
    public delegate* unmanaged[Cdecl]<nuint, nuint, void*, void*> AllocateZeroed;
    public delegate* unmanaged[Cdecl]<void*, nuint, void*, void*> Reallocate;
}

/// <summary>nghttp2_info.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct LibraryInfo
{
    public int Age;
    public int Number;
    public byte* Version;
    public byte* Protocol;
}
