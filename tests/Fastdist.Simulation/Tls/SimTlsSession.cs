using System;
using Fastdist.Simulation.Network;
using Fastdist.Tls;
using Fastdist.Tls.Tickets;

namespace Fastdist.Simulation.Tls;

/// <summary>One side of a connection. This part holds the verbs, which do what those of <see cref="TlsSession"/> do with OpenSSL.</summary>
internal sealed partial class SimTlsSession : TlsSession
{
    private readonly SimTlsContext _context;
    private readonly SimTlsOptions _options;
    private readonly SimTls _tls;

    /// <summary>Records that no output span took yet.</summary>
    private readonly ByteQueue _pending = new();
    private bool _isEstablished;
    private bool _hasFailed;
    private bool _isDisposed;

    /// <summary>The other side said close_notify.</summary>
    private bool _isClosed;

    /// <summary>This side did.</summary>
    private bool _saidClose;

    public SimTlsSession(SimTlsContext context)
    {
        (_context, _options, _tls) = (context, context.Options, context.Tls);
        _fault = _options.Draw(_tls.Random);
        _failsLate = _tls.Random.Next(2) == 0;
        _padding = _tls.Random.Next(4) == 0 ? SimTlsRecord.MaxPadding : _tls.Random.Next(16);
        _tls.Count(sessions: context.IsOurs ? 1 : 0, contexts: 0);
        context.Enter();
    }

    /// <inheritdoc/>
    public override bool IsCertificateRefused => Failure is >= TlsFailure.CertificateRefused and <= TlsFailure.CertificatePinMismatch;

    /// <inheritdoc/>
    public override string RefusedSubject => IsCertificateRefused ? "CN=simulated" : "";

    /// <inheritdoc/>
    public override string RefusedIssuer => IsCertificateRefused ? "CN=simulated issuer" : "";

    /// <inheritdoc/>
    public override bool IsEstablished => _isEstablished;

    /// <inheritdoc/>
    public override TlsVersion Version => TlsVersion.Tls13;

    /// <inheritdoc/>
    public override bool IsResumed => _isResumed;

    /// <inheritdoc/>
    public override TicketUse TicketUse => _offeredTicket == 0 || !_options.IsServer ? TicketUse.None : _isResumed ? TicketUse.Active : TicketUse.Unknown;

    /// <inheritdoc/>
    public override DateTimeOffset? CertificateEnd => _isEstablished && !_isResumed && !_options.IsServer ? DateTimeOffset.MaxValue : null;

    /// <inheritdoc/>
    public override string ApplicationProtocol => _protocol;

    /// <inheritdoc/>
    public override bool HasPendingOutput => _pending.Length > 0;

    /// <inheritdoc/>
    public override TlsStatus Handshake(ReadOnlySpan<byte> input, out int consumed, Span<byte> output, out int written)
    {
        Check(input, output);
        ReadOnlySpan<byte> rest = input;
        TlsStatus status = Shake(ref rest);
        consumed = input.Length - rest.Length;
        written = FlushPending(output);
        return status is not (TlsStatus.Failed or TlsStatus.Closed) && HasPendingOutput ? TlsStatus.NeedOutput : status;
    }

    /// <inheritdoc/>
    public override TlsStatus Receive(ReadOnlySpan<byte> ciphertext, out int consumed, Span<byte> plaintext, out int written)
    {
        Check(ciphertext, plaintext);
        _tls.Require(_isEstablished || _hasFailed, "a TLS session was read before its handshake was complete");
        written = 0;
        TlsStatus status = TlsStatus.NeedOutput;
        ReadOnlySpan<byte> rest = ciphertext;
        while (written < plaintext.Length)
        {
            if (_opened.Length == 0 && !TryOpen(ref rest, out status))
            {
                break;
            }

            written += TakeOpened(plaintext[written..]);
            if (rest.IsEmpty && _ahead.Length == 0 && _opened.Length == 0)
            {
                status = TlsStatus.NeedInput;
                break;
            }

            status = TlsStatus.NeedOutput;
        }

        ReadAhead(ref rest);
        consumed = ciphertext.Length - rest.Length;
        return status;
    }

    /// <inheritdoc/>
    public override TlsStatus Send(ReadOnlySpan<byte> plaintext, out int consumed, Span<byte> ciphertext, out int written)
    {
        Check(plaintext, ciphertext);
        _tls.Require(_isEstablished || _hasFailed || plaintext.IsEmpty, "a TLS session was written to before its handshake was complete");
        if (_tls.Random.Next(1000) < _options.KeyUpdates && _isEstablished && !_hasFailed && !_saidClose)
        {
            RenewSendKey(asks: true);
        }

        consumed = 0;
        written = FlushPending(ciphertext);
        if (_hasFailed)
        {
            return TlsStatus.Failed;
        }

        _tls.Require(!_saidClose || plaintext.IsEmpty, "a TLS session was written to after close_notify");
        while (consumed < plaintext.Length)
        {
            int chunk = Math.Min(plaintext.Length - consumed, _options.LargestRecord);
            if (ciphertext.Length - written < chunk + RecordOverhead)
            {
                return TlsStatus.NeedOutput;
            }

            written += SimTlsRecord.Write(ciphertext[written..], RecordType.Data, plaintext.Slice(consumed, chunk), _padding, _sendKey, _sent++);
            consumed += chunk;
        }

        return TlsStatus.Ok;
    }

    /// <inheritdoc/>
    public override void Close(Span<byte> ciphertext, out int written)
    {
        Check(default, ciphertext);
        if (_isEstablished && !_hasFailed && !_saidClose)
        {
            _saidClose = true;
            Emit(RecordType.Alert, [0]);
        }

        written = FlushPending(ciphertext);
    }

    /// <inheritdoc/>
    public override int FlushPending(Span<byte> ciphertext)
    {
        Check(default, ciphertext);
        int count = Math.Min(_pending.Length, ciphertext.Length);
        _pending.Span[..count].CopyTo(ciphertext);
        _pending.Drop(count);
        return count;
    }

    /// <inheritdoc/>
    public override void ReleaseBuffers()
    {
        Check(default, default);
        _record = _recordLength == 0 ? [] : _record;
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        _tls.Require(!_isDisposed, "a TLS session was disposed twice");
        if (!_isDisposed)
        {
            _isDisposed = true;
            _tls.Count(sessions: _context.IsOurs ? -1 : 0, contexts: 0);
            _context.Leave();
        }
    }

    private void Check(ReadOnlySpan<byte> input, ReadOnlySpan<byte> output)
    {
        _tls.Require(!_isDisposed, "a TLS session was used after its end");
        _tls.Require(!input.Overlaps(output), "a TLS session was to write over what it reads");
    }

    /// <summary>Puts a record into the output.</summary>
    private void Emit(RecordType type, ReadOnlySpan<byte> payload)
    {
        Span<byte> record = stackalloc byte[payload.Length + RecordOverhead];
        _pending.Append(record[..SimTlsRecord.Write(record, type, payload, _padding, _sendKey, _sent++)]);
    }

    private void Fail(TlsFailure failure, Alert alert, string error)
    {
        Emit(RecordType.Alert, [(byte)alert]);
        Die(failure, error);
    }

    private void Die(TlsFailure failure, string error)
    {
        _hasFailed = true;
        (Failure, Error) = (failure, error);
        _tls.Failures += _context.IsOurs ? 1 : 0;
    }
}
