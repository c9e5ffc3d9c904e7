using System;
using System.Runtime.InteropServices;

namespace Fastdist.Http;

/// <summary>Bytes that grow; the memory stays for the next user.</summary>
internal struct ByteBag
{
    private byte[] _bytes;
    private int _length;

    public readonly ReadOnlySpan<byte> Span => _bytes.AsSpan(0, _length);

    public readonly int Length => _length;

    public readonly int Capacity => _bytes?.Length ?? 0;

    public void Clear() => _length = 0;

    public void Drop() => (_bytes, _length) = ([], 0);

    public void Append(ReadOnlySpan<byte> more)
    {
        if (_bytes is null || _length + more.Length > _bytes.Length)
        {
            Array.Resize(ref _bytes, Math.Max(_length + more.Length, Capacity * 2));
        }

        more.CopyTo(_bytes.AsSpan(_length));
        _length += more.Length;
    }
}

/// <summary>A request and its response. nghttp2 holds <see cref="Handle"/> for as long as the stream is open.</summary>
internal sealed class Http2Stream
{
    /// <summary>Memory a stream that is not in use keeps at most, bytes a bag.</summary>
    private const int Kept = 4096;

    private readonly GCHandle _handle;

    public Http2Stream() => _handle = GCHandle.Alloc(this);

    public unsafe void* Handle => (void*)GCHandle.ToIntPtr(_handle);

    public int Id;
    public HttpMethod Method;
    public HttpScheme Scheme;
    public bool IsDnsMessage;
    public bool IsHeaderTooLarge;
    public bool IsBodyTooLarge;

    /// <summary>There was no memory for it, so that it was not kept.</summary>
    public bool IsOverBudget;

    /// <summary>The fields that come now are trailers, which say nothing of the request (RFC 9110 section 6.5.1).</summary>
    public bool IsTrailed;

    /// <summary>It was handed out, or waits to be.</summary>
    public bool IsComplete;

    /// <summary>A response was given; <see cref="Body"/> is its body from now on.</summary>
    public bool IsAnswered;

    /// <summary>The client waits for a 100 before it sends the body (RFC 9110 section 10.1.1).</summary>
    public bool ExpectsContinue;

    /// <summary>Whose script asks: a place of <see cref="CorsPolicy"/>.</summary>
    public int Origin = CorsPolicy.None;

    public int HeaderBytes;

    /// <summary>Bytes of it that the pool counts.</summary>
    public int CountedBytes;
    public ByteBag Target;

    /// <summary>Whom it was sent to, with the port where one was given.</summary>
    public ByteBag Host;
    public ByteBag ForwardedFor;

    /// <summary>All fields, where they are kept, as <see cref="FieldList"/> lays them out.</summary>
    public ByteBag Fields;

    /// <summary>What came, and once that was taken what is to leave.</summary>
    public ByteBag Body;

    /// <summary>The response's body where that is nobody's to give back; null where it is <see cref="Body"/>.</summary>
    public byte[]? FixedBody;

    /// <summary>The response's body.</summary>
    public ReadOnlySpan<byte> Answer => FixedBody is { } body ? body : Body.Span;

    /// <summary>Bytes of the response's body that nghttp2 has taken.</summary>
    public int Sent;

    /// <summary>When it began, or was answered.</summary>
    public long Since;

    /// <summary>Its place among the open ones.</summary>
    public int Place;

    public static unsafe Http2Stream? Of(void* handle) =>
        handle is null ? null : (Http2Stream?)GCHandle.FromIntPtr((nint)handle).Target;

    /// <summary>Empties it, and keeps no more memory of it than is worth keeping.</summary>
    public static void Clear(ref ByteBag bag)
    {
        if (bag.Capacity > Kept)
        {
            bag.Drop();
        }
        else
        {
            bag.Clear();
        }
    }

    public void Reset()
    {
        Method = HttpMethod.Other;
        Scheme = HttpScheme.Other;
        FixedBody = null;
        IsDnsMessage = IsHeaderTooLarge = IsBodyTooLarge = IsOverBudget = IsTrailed = IsComplete = IsAnswered = ExpectsContinue = false;
        Origin = CorsPolicy.None;
        HeaderBytes = Sent = 0;
        Clear(ref Target);
        Clear(ref Host);
        Clear(ref ForwardedFor);
        Clear(ref Fields);
        Clear(ref Body);
    }

    public void Dispose() => _handle.Free();
}
