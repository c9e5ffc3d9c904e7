using System;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Fastdist.Http.Interop;

namespace Fastdist.Http;

/// <summary>What nghttp2 tells while it is given bytes, and asks while it is asked for them.</summary>
public sealed unsafe partial class Http2Session
{
    /// <summary>What RFC 9113 section 6.5.2 adds to a field's length.</summary>
    private const int FieldOverhead = 32;

    /// <summary>Bytes a peer has to take for its other answers to be given more time.</summary>
    private const int FairProgress = 4096;

    private static readonly nint s_callbacks = CreateCallbacks();
    private static readonly nint s_nativeOptions = CreateOptions();

    private static nint CreateCallbacks()
    {
        nint callbacks;
        if (NgHttp2.nghttp2_session_callbacks_new(&callbacks) != 0)
        {
            throw new OutOfMemoryException("nghttp2_session_callbacks_new");
        }

        NgHttp2.nghttp2_session_callbacks_set_on_begin_frame_callback(callbacks, &OnBeginFrame);
        NgHttp2.nghttp2_session_callbacks_set_on_begin_headers_callback(callbacks, &OnBeginHeaders);
        NgHttp2.nghttp2_session_callbacks_set_on_header_callback(callbacks, &OnHeader);
        NgHttp2.nghttp2_session_callbacks_set_on_data_chunk_recv_callback(callbacks, &OnData);
        NgHttp2.nghttp2_session_callbacks_set_on_frame_recv_callback(callbacks, &OnFrame);
        NgHttp2.nghttp2_session_callbacks_set_on_invalid_frame_recv_callback(callbacks, &OnInvalidFrame);
        NgHttp2.nghttp2_session_callbacks_set_on_frame_send_callback(callbacks, &OnFrameSent);
        NgHttp2.nghttp2_session_callbacks_set_on_stream_close_callback(callbacks, &OnStreamClosed);
        return callbacks;
    }

    private static nint CreateOptions()
    {
        nint options;
        if (NgHttp2.nghttp2_option_new(&options) != 0)
        {
            throw new OutOfMemoryException("nghttp2_option_new");
        }

        NgHttp2.nghttp2_option_set_no_closed_streams(options, 1);
        NgHttp2.nghttp2_option_set_max_outbound_ack(options, MaxWaitingAcknowledgements);
        NgHttp2.nghttp2_option_set_max_continuations(options, MaxContinuationReads);
        // Resets are counted here, with the operator's bound.
        NgHttp2.nghttp2_option_set_stream_reset_rate_limit(options, NoLimit, NoLimit);
        return options;
    }

    private static Http2Session Of(void* user) => (Http2Session)GCHandle.FromIntPtr((nint)user).Target!;

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int OnBeginFrame(nint session, FrameHeader* frame, void* user)
    {
        Http2Session self = Of(user);
        return self.CarriesRequest(frame) || self._control.TrySpend() ? 0 : self.Flood(Http2End.ControlFlood);
    }

    /// <summary>Whether a frame is part of a request that is new or still incomplete.</summary>
    private bool CarriesRequest(FrameHeader* frame)
    {
        if (frame->Type == NgHttp2.FrameHeaders && frame->StreamId > _newest)
        {
            _newest = frame->StreamId;
            return true;
        }

        return (frame->Type == NgHttp2.FrameHeaders || (frame->Type == NgHttp2.FrameData && frame->Length > 0))
            && Find(frame->StreamId) is { IsComplete: false };
    }

    /// <summary>Ends the connection, and has nghttp2 leave what it was given unread.</summary>
    private int Flood(Http2End end)
    {
        Terminate(end, NgHttp2.EnhanceYourCalm);
        return NgHttp2.StopReading;
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int OnBeginHeaders(nint session, FrameHeader* frame, void* user)
    {
        Http2Session self = Of(user);
        if (self.Find(frame->StreamId) is { } trailed)
        {
            trailed.IsTrailed = true;
            return 0;
        }

        Http2Stream stream = self._pool.Take();
        stream.Id = frame->StreamId;
        stream.Since = self._now;
        stream.Place = self._open.Count;
        self._open.Add(stream);
        self.IncompleteRequests++;
        return NgHttp2.nghttp2_session_set_stream_user_data(session, stream.Id, stream.Handle);
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int OnHeader(nint session, FrameHeader* frame, byte* name, nuint nameLength, byte* value, nuint valueLength, byte flags, void* user)
    {
        Http2Session self = Of(user);
        if (self.Find(frame->StreamId) is not { IsComplete: false } stream)
        {
            return 0;
        }

        stream.HeaderBytes += (int)(nameLength + valueLength) + FieldOverhead;
        stream.IsHeaderTooLarge |= stream.HeaderBytes > self._options.MaxHeaderSize;
        var field = new ReadOnlySpan<byte>(name, (int)nameLength);
        // The method decides whether the refusal has a body, so it is kept in any case.
        if (!stream.IsTrailed && (!stream.IsHeaderTooLarge || field.SequenceEqual(":method"u8)))
        {
            self.Keep(stream, field, new ReadOnlySpan<byte>(value, (int)valueLength));
            self.KeepWhole(stream, field, new ReadOnlySpan<byte>(value, (int)valueLength));
        }

        return 0;
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int OnData(nint session, byte flags, int streamId, byte* bytes, nuint length, void* user)
    {
        Http2Session self = Of(user);
        if (self.Find(streamId) is not { IsComplete: false } stream)
        {
            return 0;
        }

        stream.IsBodyTooLarge = stream.Body.Length + (int)length > self._options.MaxBodySize;
        if (!stream.IsBodyTooLarge && !stream.IsOverBudget && self.TryCount(stream, (int)length))
        {
            stream.Body.Append(new ReadOnlySpan<byte>(bytes, (int)length));
            return 0;
        }

        // The answer need not wait for the rest.
        stream.Body.Clear();
        self.Complete(stream);

        return 0;
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int OnFrame(nint session, FrameHeader* frame, void* user)
    {
        Http2Session self = Of(user);
        switch (frame->Type)
        {
            case NgHttp2.FrameReset when !self._resets.TrySpend():
                return self.Flood(Http2End.ResetFlood);
            case NgHttp2.FrameData when frame->Length > 0 && frame->Length == ((DataFrame*)frame)->Padding && !self._control.TrySpend():
                return self.Flood(Http2End.ControlFlood);
            case NgHttp2.FrameHeaders or NgHttp2.FrameData when (frame->Flags & NgHttp2.FlagEndStream) != 0
                && self.Find(frame->StreamId) is { IsComplete: false } stream:
                self.Complete(stream);
                break;
            case NgHttp2.FrameHeaders when self.Find(frame->StreamId) is { ExpectsContinue: true } stream:
                stream.ExpectsContinue = false;
                self.SubmitContinue(stream);
                break;
            case NgHttp2.FrameGoaway when self.End == Http2End.None:
                self.End = Http2End.Finished;
                break;
            default:
                break;
        }

        return 0;
    }

    /// <summary>nghttp2 is about to reset a stream, which may never have been open.</summary>
    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int OnInvalidFrame(nint session, FrameHeader* frame, int error, void* user)
    {
        Http2Session self = Of(user);
        self._newestReset = Math.Max(self._newestReset, frame->StreamId);
        return 0;
    }

    private void Complete(Http2Stream stream)
    {
        stream.IsComplete = true;
        IncompleteRequests--;
        _complete.Enqueue(stream.Id);
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int OnFrameSent(nint session, FrameHeader* frame, void* user)
    {
        Http2Session self = Of(user);
        if (frame->Type == NgHttp2.FrameReset)
        {
            self._newestReset = Math.Max(self._newestReset, frame->StreamId);
        }

        switch (frame->Type)
        {
            // What the peer makes us reset is as much work as what it resets itself.
            case NgHttp2.FrameReset when !self._resets.TrySpend():
                self.Terminate(Http2End.ResetFlood, NgHttp2.EnhanceYourCalm);
                break;
            case NgHttp2.FrameHeaders or NgHttp2.FrameData when (frame->Flags & NgHttp2.FlagEndStream) != 0
                && self.Find(frame->StreamId) is { IsBodyTooLarge: true } or { IsOverBudget: true }
                && NgHttp2.nghttp2_session_get_stream_remote_close(session, frame->StreamId) == 0:
                // RFC 9113 section 8.1: so the peer knows that the rest is not wanted. Any sooner, and the response would be lost.
                _ = NgHttp2.nghttp2_submit_rst_stream(session, NgHttp2.FlagNone, frame->StreamId, NgHttp2.NoError);
                break;
            case NgHttp2.FrameGoaway when self.End == Http2End.None:
                self.End = Http2End.ProtocolError;
                break;
            default:
                break;
        }

        return 0;
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int OnStreamClosed(nint session, int streamId, uint error, void* user)
    {
        Http2Session self = Of(user);
        if (self.Find(streamId) is { } stream)
        {
            _ = NgHttp2.nghttp2_session_set_stream_user_data(session, streamId, null);
            self._unsent -= stream.IsAnswered ? 1 : 0;
            self.IncompleteRequests -= stream.IsComplete ? 0 : 1;
            Http2Stream last = self._open[^1];
            self._open[stream.Place] = last;
            last.Place = stream.Place;
            self._open.RemoveAt(self._open.Count - 1);
            self.Release(stream);
        }

        return 0;
    }

    /// <summary>A peer that takes a little now and then makes no progress, or one byte would buy it time.</summary>
    private void NoteProgress(int bytes)
    {
        _progress += bytes;
        if (_progress >= FairProgress)
        {
            (_progress, _progressAt) = (0, _now);
        }
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static nint OnRead(nint session, int streamId, byte* buffer, nuint length, uint* flags, void** source, void* user)
    {
        Http2Session self = Of(user);
        if (self.Find(streamId) is not { } stream)
        {
            return NgHttp2.ResetThisStream;
        }

        ReadOnlySpan<byte> body = stream.Answer;
        int count = (int)Math.Min(length, (nuint)(body.Length - stream.Sent));
        body.Slice(stream.Sent, count).CopyTo(new Span<byte>(buffer, count));
        stream.Sent += count;
        self.NoteProgress(count);
        if (stream.Sent == body.Length)
        {
            *flags |= NgHttp2.DataEnd;
        }

        return count;
    }
}
