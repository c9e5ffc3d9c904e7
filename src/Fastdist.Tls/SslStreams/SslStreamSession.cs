using System;
using System.Diagnostics;
using System.Globalization;
using System.Net.Security;
using System.Runtime.InteropServices;
using System.Security.Authentication;
using System.Threading.Tasks;

namespace Fastdist.Tls.SslStreams;

/// <summary>
/// A session of .NET's SslStream. SslStream asks its inner stream for bytes where OpenSSL says that it wants some;
/// since <see cref="SpanDuplexStream"/> runs what awaited them at once, an operation that is not complete after a
/// call waits for the next call's input and for nothing else.
/// </summary>
internal sealed unsafe class SslStreamSession : TlsSession
{
    /// <summary>Plaintext of the largest record (RFC 8446 section 5.1), bytes.</summary>
    private const int LargestRecord = 16384;

    private readonly TlsContext _context;
    private readonly ServerVerification _verification;
    private readonly SslClientAuthenticationOptions _options;
    private readonly SpanWindow* _window;
    private readonly SpanDuplexStream _inner;
    private readonly SslStream _stream;
    private readonly byte[] _toSeal = new byte[TlsContext.MaxRecordPayload];
    private readonly byte[] _opened = new byte[LargestRecord];
    private int _openedStart;
    private int _openedEnd;
    private Task? _handshake;
    private Task<int>? _read;
    private TlsStatus _end;
    private bool _isShut;
    private bool _isDisposed;

    /// <summary>Starts a session; nothing happens until its first verb.</summary>
    public SslStreamSession(TlsContext context, ServerVerification verification, SslClientAuthenticationOptions options)
    {
        _context = context;
        _verification = verification;
        _options = options;
        _window = (SpanWindow*)NativeMemory.AllocZeroed((nuint)sizeof(SpanWindow));
        _inner = new SpanDuplexStream(_window);
        _stream = new SslStream(_inner);
        context.Enter();
    }

    /// <inheritdoc/>
    public override bool IsCertificateRefused => _verification.Error.Length > 0;

    /// <inheritdoc/>
    public override string RefusedSubject => _verification.Subject;

    /// <inheritdoc/>
    public override string RefusedIssuer => _verification.Issuer;

    /// <inheritdoc/>
    public override TlsVersion Version => !_stream.IsAuthenticated ? TlsVersion.Unknown : _stream.SslProtocol switch
    {
        SslProtocols.Tls12 => TlsVersion.Tls12,
        SslProtocols.Tls13 => TlsVersion.Tls13,
        _ => TlsVersion.Unknown,
    };

    /// <inheritdoc/>
    public override bool IsResumed => false;

    /// <inheritdoc/>
    public override DateTimeOffset? CertificateEnd => IsEstablished ? _verification.End : null;

    /// <inheritdoc/>
    public override string ApplicationProtocol => _stream.IsAuthenticated ? _stream.NegotiatedApplicationProtocol.ToString() : "";

    /// <inheritdoc/>
    public override bool HasPendingOutput => _window->SpillLength > 0;

    /// <inheritdoc/>
    public override bool IsEstablished => _handshake is { IsCompletedSuccessfully: true };

    /// <inheritdoc/>
    public override TlsStatus Handshake(ReadOnlySpan<byte> input, out int consumed, Span<byte> output, out int written)
    {
        int flushed = FlushPending(output);
        fixed (byte* inputBytes = input, outputBytes = output)
        {
            _window->Open(inputBytes, input.Length, outputBytes, output.Length, flushed);
            TlsStatus status = _end == TlsStatus.Ok ? Shake() : _end;
            _window->Shut(input.Length, out consumed, out written);
            return status is not (TlsStatus.Failed or TlsStatus.Closed) && HasPendingOutput ? TlsStatus.NeedOutput : status;
        }
    }

    /// <inheritdoc/>
    public override TlsStatus Receive(ReadOnlySpan<byte> ciphertext, out int consumed, Span<byte> plaintext, out int written)
    {
        fixed (byte* input = ciphertext)
        {
            _window->Open(input, ciphertext.Length, null, 0, 0);
            written = Take(plaintext);
            TlsStatus status = TlsStatus.NeedOutput;
            while (_openedStart == _openedEnd && status == TlsStatus.NeedOutput)
            {
                status = _end == TlsStatus.Ok ? Open() : _end;
                written += Take(plaintext[written..]);
            }

            _window->Shut(ciphertext.Length, out consumed, out _);
            return status;
        }
    }

    /// <inheritdoc/>
    public override TlsStatus Send(ReadOnlySpan<byte> plaintext, out int consumed, Span<byte> ciphertext, out int written)
    {
        consumed = 0;
        int flushed = FlushPending(ciphertext);
        fixed (byte* output = ciphertext)
        {
            _window->Open(null, 0, output, ciphertext.Length, flushed);
            TlsStatus status = _end == TlsStatus.Failed ? TlsStatus.Failed : TlsStatus.Ok;
            while (status == TlsStatus.Ok && consumed < plaintext.Length)
            {
                int chunk = Math.Min(plaintext.Length - consumed, TlsContext.MaxRecordPayload);
                if (ciphertext.Length - _window->OutputUsed < chunk + RecordOverhead)
                {
                    status = TlsStatus.NeedOutput;
                    break;
                }

                status = Seal(plaintext.Slice(consumed, chunk));
                consumed += status == TlsStatus.Ok ? chunk : 0;
            }

            _window->Shut(0, out _, out written);
            return status;
        }
    }

    /// <inheritdoc/>
    public override void Close(Span<byte> ciphertext, out int written)
    {
        int flushed = FlushPending(ciphertext);
        fixed (byte* output = ciphertext)
        {
            _window->Open(null, 0, output, ciphertext.Length, flushed);
            if (IsEstablished && !_isShut && _end != TlsStatus.Failed)
            {
                _isShut = true;
                Settle(Run(static session => session._stream.ShutdownAsync()));
            }

            _window->Shut(0, out _, out written);
        }
    }

    /// <inheritdoc/>
    public override int FlushPending(Span<byte> ciphertext) => _window->Flush(ciphertext);

    /// <inheritdoc/>
    public override void ReleaseBuffers() => _window->FreeSpill();

    /// <inheritdoc/>
    public override void Dispose()
    {
        if (_isDisposed)
        {
            return;
        }

        // Ends the operation that waits, too: what awaited it runs before this returns.
        _isDisposed = true;
        _stream.Dispose();
        Debug.Assert(_handshake is null or { IsCompleted: true } && _read is null or { IsCompleted: true });
        _ = _handshake?.Exception;
        _ = _read?.Exception;
        SpanWindow.Free(_window);
        _context.Leave();
    }

    private TlsStatus Shake()
    {
        if (_handshake is null)
        {
            _handshake = Run(static session => session._stream.AuthenticateAsClientAsync(session._options));
        }
        else
        {
            _inner.Feed();
        }

        return Settle(_handshake);
    }

    /// <summary>Has the next record opened.</summary>
    /// <returns><see cref="TlsStatus.NeedOutput"/> when there is plaintext to take.</returns>
    private TlsStatus Open()
    {
        if (!IsEstablished)
        {
            return Fail("no handshake took place");
        }

        if (_read is null)
        {
            _read = (Task<int>)Run(static session => session._stream.ReadAsync(session._opened.AsMemory()).AsTask());
        }
        else
        {
            _inner.Feed();
        }

        TlsStatus status = Settle(_read);
        if (status == TlsStatus.Ok)
        {
            (_openedStart, _openedEnd) = (0, _read.Result);
            _read = null;
            status = _openedEnd > 0 ? TlsStatus.NeedOutput : _end = TlsStatus.Closed;
        }

        return status;
    }

    private TlsStatus Seal(ReadOnlySpan<byte> chunk)
    {
        if (!IsEstablished)
        {
            return Fail("no handshake took place");
        }

        chunk.CopyTo(_toSeal);
        int length = chunk.Length;
        Task write = Run(session => session._stream.WriteAsync(session._toSeal.AsMemory(0, length)).AsTask());
        return write.IsCompleted ? Settle(write) : Fail("SslStream did not write at once");
    }

    private int Take(Span<byte> plaintext)
    {
        int count = Math.Min(_openedEnd - _openedStart, plaintext.Length);
        _opened.AsSpan(_openedStart, count).CopyTo(plaintext);
        _openedStart += count;
        return count;
    }

    // What SslStream throws at once is a failure like what it throws later.
    private Task Run(Func<SslStreamSession, Task> operation)
    {
        try
        {
            return operation(this);
        }
        catch (Exception exception)
        {
            return Task.FromException<int>(exception);
        }
    }

    private TlsStatus Settle(Task operation)
    {
        if (!operation.IsCompleted)
        {
            return _inner.IsReading ? TlsStatus.NeedInput : Fail("SslStream left the thread");
        }

        return operation.Exception is { } exception ? FailBy(CauseOf(exception).Message) : TlsStatus.Ok;
    }

    private TlsStatus Fail(string reason, TlsFailure failure = TlsFailure.Other)
    {
        Failure = IsCertificateRefused ? _verification.Failure : failure;
        Error = IsCertificateRefused ? _verification.Error : reason;
        return _end = TlsStatus.Failed;
    }

    /// <summary>Takes apart what OpenSSL says: <c>error:0A00010B:SSL routines::wrong version number</c>.</summary>
    private TlsStatus FailBy(string text)
    {
        const string Start = "error:";
        const int Digits = 8;
        if (!text.StartsWith(Start, StringComparison.Ordinal))
        {
            return Fail(text);
        }

        ulong.TryParse(text.AsSpan(Start.Length, Math.Min(Digits, text.Length - Start.Length)), NumberStyles.HexNumber, CultureInfo.InvariantCulture, out ulong error);
        return Fail(text[(text.LastIndexOf(':') + 1)..], TlsFailures.Classify(TlsErrors.ReasonOf(error), ((ReadOnlySpan<byte>)_window->First)[.._window->FirstLength]));
    }

    /// <summary>The innermost cause.</summary>
    private static Exception CauseOf(Exception exception)
    {
        while (exception.InnerException is { } cause)
        {
            exception = cause;
        }

        return exception;
    }
}
