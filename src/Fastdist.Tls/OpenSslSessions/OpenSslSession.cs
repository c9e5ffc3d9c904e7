using System;
using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text;
using Fastdist.Tls.Interop;
using Fastdist.Tls.Tickets;

namespace Fastdist.Tls.OpenSslSessions;

/// <summary>A session of the linked OpenSSL (SSL), reading and writing through <see cref="SpanBio"/>.</summary>
internal sealed unsafe class OpenSslSession : TlsSession
{
    private readonly TlsContext _context;
    private readonly SpanWindow* _window;
    private nint _session;
    private bool _failed;
    private bool _isEstablished;

    /// <summary>Starts a session in neither role; the context sets the state.</summary>
    /// <param name="context">Whose session it is.</param>
    /// <param name="settings">The SSL_CTX to start from.</param>
    /// <exception cref="TlsConfigurationException">OpenSSL is out of memory.</exception>
    public OpenSslSession(TlsContext context, nint settings)
    {
        _context = context;
        _session = OpenSsl.SSL_new(settings);
        if (_session == 0)
        {
            throw new TlsConfigurationException($"SSL_new: {TlsErrors.TakeQueue()}");
        }

        _window = (SpanWindow*)NativeMemory.AllocZeroed((nuint)sizeof(SpanWindow));
        nint bio = SpanBio.Create(_window);
        OpenSsl.SSL_set_bio(_session, bio, bio);
        context.Enter();
    }

    /// <summary>The SSL.</summary>
    internal nint Pointer => _session;

    /// <summary>Where a session that was resumed and may be again goes once the handshake is complete; null nowhere.</summary>
    internal TlsSessionStore? GiveBackTo { get; set; }

    /// <inheritdoc/>
    public override bool IsCertificateRefused => _window->VerifyError != 0;

    /// <inheritdoc/>
    public override string RefusedSubject => _window->Refused is null ? "" : _window->Refused->Subject.ToString();

    /// <inheritdoc/>
    public override string RefusedIssuer => _window->Refused is null ? "" : _window->Refused->Issuer.ToString();

    /// <inheritdoc/>
    public override bool IsEstablished => _isEstablished;

    /// <inheritdoc/>
    public override DateTimeOffset? CertificateEnd => _isEstablished && !IsResumed ? PeerVerification.EndOf(_session) : null;

    /// <inheritdoc/>
    public override TlsVersion Version => (TlsVersion)OpenSsl.SSL_version(_session) is var version && Enum.IsDefined(version) ? version : TlsVersion.Unknown;

    /// <inheritdoc/>
    public override bool IsResumed => OpenSsl.SSL_session_reused(_session) == 1;

    /// <inheritdoc/>
    public override TicketUse TicketUse => _window->Ticket is TicketUse.Active or TicketUse.Inactive && !IsResumed ? TicketUse.Refused : _window->Ticket;

    /// <inheritdoc/>
    public override ReadOnlySpan<byte> ServerName =>
        MemoryMarshal.CreateReadOnlySpanFromNullTerminated(OpenSsl.SSL_get_servername(_session, OpenSsl.NameTypeHost));

    /// <inheritdoc/>
    public override string ApplicationProtocol
    {
        get
        {
            byte* name;
            uint length;
            OpenSsl.SSL_get0_alpn_selected(_session, &name, &length);
            return length == 0 ? "" : Encoding.ASCII.GetString(name, (int)length);
        }
    }

    /// <inheritdoc/>
    public override bool HasPendingOutput => _window->SpillLength > 0;

    /// <inheritdoc/>
    public override TlsStatus Handshake(ReadOnlySpan<byte> input, out int consumed, Span<byte> output, out int written)
    {
        int flushed = FlushPending(output);
        fixed (byte* inputBytes = input, outputBytes = output)
        {
            Open(inputBytes, input.Length, outputBytes, output.Length, flushed);
            int result = _failed ? -1 : OpenSsl.SSL_do_handshake(_session);
            TlsStatus status = result == 1 ? Established() : Unfinished(result);
            _window->Shut(input.Length, out consumed, out written);
            return status is not (TlsStatus.Failed or TlsStatus.Closed) && HasPendingOutput ? TlsStatus.NeedOutput : status;
        }
    }

    /// <inheritdoc/>
    public override TlsStatus Receive(ReadOnlySpan<byte> ciphertext, out int consumed, Span<byte> plaintext, out int written)
    {
        written = 0;
        fixed (byte* input = ciphertext, plain = plaintext)
        {
            Open(input, ciphertext.Length, null, 0);
            TlsStatus status = TlsStatus.NeedOutput;
            while (written < plaintext.Length)
            {
                nuint count = 0;
                int result = _failed ? 0 : OpenSsl.SSL_read_ex(_session, plain + written, (nuint)(plaintext.Length - written), &count);
                if (result != 1)
                {
                    status = Explain(result);
                    break;
                }

                written += (int)count;
                if (_window->InputLength == 0 && OpenSsl.SSL_has_pending(_session) == 0)
                {
                    status = TlsStatus.NeedInput;
                    break;
                }
            }

            _window->Shut(ciphertext.Length, out consumed, out _);
            return status;
        }
    }

    /// <inheritdoc/>
    public override TlsStatus Send(ReadOnlySpan<byte> plaintext, out int consumed, Span<byte> ciphertext, out int written)
    {
        consumed = 0;
        written = FlushPending(ciphertext);
        if (_failed)
        {
            return TlsStatus.Failed;
        }

        fixed (byte* plain = plaintext, output = ciphertext)
        {
            Open(null, 0, output, ciphertext.Length, written);
            TlsStatus status = TlsStatus.Ok;
            while (consumed < plaintext.Length)
            {
                int chunk = Math.Min(plaintext.Length - consumed, TlsContext.MaxRecordPayload);
                if (ciphertext.Length - _window->OutputUsed < chunk + RecordOverhead)
                {
                    status = TlsStatus.NeedOutput;
                    break;
                }

                nuint count;
                int result = OpenSsl.SSL_write_ex(_session, plain + consumed, (nuint)chunk, &count);
                if (result != 1)
                {
                    status = Explain(result);
                    break;
                }

                consumed += (int)count;
            }

            _window->Shut(0, out _, out written);
            return status;
        }
    }

    /// <inheritdoc/>
    public override void Close(Span<byte> ciphertext, out int written)
    {
        written = FlushPending(ciphertext);
        if (_failed)
        {
            return;
        }

        fixed (byte* output = ciphertext)
        {
            Open(null, 0, output, ciphertext.Length, written);
            OpenSsl.SSL_shutdown(_session);
            OpenSsl.ERR_clear_error();
            _window->Shut(0, out _, out written);
        }
    }

    /// <inheritdoc/>
    public override int FlushPending(Span<byte> ciphertext) => _window->Flush(ciphertext);

    /// <inheritdoc/>
    public override void ReleaseBuffers()
    {
        // It keeps them while they hold part of a record.
        OpenSsl.SSL_free_buffers(_session);
        _window->FreeSpill();
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        if (_session != 0)
        {
            if (!_failed)
            {
                // OpenSSL forgets a stored session that ends without close_notify, which TLS 1.1 did away with.
                OpenSsl.SSL_set_shutdown(_session, OpenSsl.ShutdownBoth);
            }

            OpenSsl.SSL_free(_session);
            _session = 0;
            SpanWindow.Free(_window);
            _context.Leave();
        }
    }

    private TlsStatus Established()
    {
        _isEstablished = true;
        if (GiveBackTo is { } store)
        {
            GiveBackTo = null;
            ClientResumption.Settle(_session, store);
            ClientResumption.GiveBack(_session, store);
        }

        return TlsStatus.Ok;
    }

    private TlsStatus Unfinished(int result)
    {
        TlsStatus status = Explain(result);

        // OpenSSL reports close_notify amid a handshake as running dry.
        if (status == TlsStatus.Closed || (status == TlsStatus.NeedInput && OpenSsl.SSL_get_shutdown(_session) != 0))
        {
            Failure = TlsFailure.Cancelled;
            return TlsStatus.Closed;
        }

        return status;
    }

    private void Open(byte* input, int inputLength, byte* output, int outputLength, int outputUsed = 0)
    {
        // SSL_get_error judges by the thread's queue, where any user of libcrypto may have left something.
        // Clearing walks the whole queue, so it is looked at first.
        if (OpenSsl.ERR_peek_error() != 0)
        {
            OpenSsl.ERR_clear_error();
        }

        _window->Open(input, inputLength, output, outputLength, outputUsed);
    }

    private TlsStatus Explain(int result)
    {
        if (_failed)
        {
            return TlsStatus.Failed;
        }

        switch (OpenSsl.SSL_get_error(_session, result))
        {
            case OpenSsl.ErrorWantRead:
                Debug.Assert(_window->InputLength == 0);
                return TlsStatus.NeedInput;
            case OpenSsl.ErrorWantWrite:
                return TlsStatus.NeedOutput;
            case OpenSsl.ErrorZeroReturn:
                return TlsStatus.Closed;
            default:
                _failed = true;
                NoteFailure();
                return TlsStatus.Failed;
        }
    }

    private void NoteFailure()
    {
        string error = TlsErrors.TakeQueue(out int reason);
        if (_window->VerifyError == 0)
        {
            Error = error;
            Failure = TlsFailures.Classify(reason, ((ReadOnlySpan<byte>)_window->First)[.._window->FirstLength]);
        }
        else
        {
            Error = PeerVerification.Describe(_window);
            Failure = PeerVerification.Classify(_window);
        }
    }
}
