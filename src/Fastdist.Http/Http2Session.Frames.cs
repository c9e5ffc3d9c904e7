using System;
using Fastdist.Http.Interop;

namespace Fastdist.Http;

/// <summary>
/// What nghttp2 passes over in silence, and is not to be. It forgets a stream that is closed, so it cannot tell a frame on
/// it from one on a stream that never was; and it reads no PRIORITY, as we announce that there are none (RFC 9113 section
/// 5.3.2). That one makes a stream depend on itself is therefore no error: the dependency means nothing any more.
/// </summary>
public sealed unsafe partial class Http2Session
{
    private FrameScan _scan;

    /// <summary>The highest stream whose HEADERS were seen, -1 at first: the identifiers of clients are odd.</summary>
    private int _begun = -1;

    /// <summary>Between these two streams the last ones lie that the peer has passed over, and never may open.</summary>
    private int _skippedAfter;
    private int _skippedBefore;

    /// <summary>The highest stream that we have reset, or will not open. What was on its way then still arrives, on it or on one before it.</summary>
    private int _newestReset;

    /// <summary>Looks at the frames that bytes begin, and ends the session where one breaks the protocol or is too many.</summary>
    /// <param name="bytes">All of the bytes.</param>
    /// <param name="frames">Those behind the preface.</param>
    /// <returns>The bytes that nghttp2 was not given yet.</returns>
    private ReadOnlySpan<byte> JudgeFrames(ReadOnlySpan<byte> bytes, ReadOnlySpan<byte> frames)
    {
        while (!IsOver && _scan.TryNext(ref frames, out byte type, out int stream))
        {
            if (MayBeLate(type, stream))
            {
                // What comes before it may have opened the stream, or ended it.
                int before = Math.Max(bytes.Length - frames.Length - FrameScan.HeaderLength, 0);
                Give(bytes[..before]);
                bytes = bytes[before..];
                if (!IsOver && MayBeLate(type, stream))
                {
                    JudgeLate(type, stream);
                }
            }
            else if (type == NgHttp2.FramePriority && stream == 0)
            {
                Terminate(Http2End.ProtocolError, NgHttp2.ProtocolError);
            }
            else if (type > NgHttp2.FrameContinuation && !_control.TrySpend())
            {
                Terminate(Http2End.ControlFlood, NgHttp2.EnhanceYourCalm);
            }
            else if (type == NgHttp2.FrameHeaders && stream > _begun)
            {
                Begin(stream);
            }
        }

        return bytes;
    }

    private bool MayBeLate(byte type, int stream) =>
        type is NgHttp2.FrameData or NgHttp2.FrameHeaders && stream <= _begun && IsOfClient(stream) && Find(stream) is null;

    /// <summary>A part of a request on a stream that is gone, or that never was although later ones were.</summary>
    private void JudgeLate(byte type, int stream)
    {
        if (stream > _newestReset)
        {
            // RFC 9113 sections 5.1 and 5.1.1.
            bool wasSkipped = stream > _skippedAfter && stream < _skippedBefore;
            Terminate(Http2End.ProtocolError, wasSkipped ? NgHttp2.ProtocolError : NgHttp2.StreamClosed);
        }
        else if (type == NgHttp2.FrameData && !_control.TrySpend())
        {
            // nghttp2 ignores DATA of streams that are gone without calling back.
            Terminate(Http2End.ControlFlood, NgHttp2.EnhanceYourCalm);
        }
    }

    private void Begin(int stream)
    {
        if (stream > _begun + 2)
        {
            (_skippedAfter, _skippedBefore) = (_begun, stream);
        }

        _begun = stream;
    }

    private static bool IsOfClient(int stream) => (stream & 1) == 1;
}
