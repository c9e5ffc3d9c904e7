using System;
using Fastdist.Tls.Tickets;

namespace Fastdist.Tls;

/// <summary>
/// One TLS session as a machine over spans: ciphertext in, plaintext out; plaintext in, ciphertext
/// out. It never sees a socket and belongs to one thread. After <see cref="TlsStatus.Failed"/> or
/// <see cref="TlsStatus.Closed"/> only <see cref="Close"/>, <see cref="FlushPending"/> and
/// <see cref="Dispose()"/> make sense.
/// </summary>
public abstract class TlsSession : IDisposable
{
    /// <summary>
    /// Ciphertext room one record may need beyond its payload: header, IV, tag and content type of
    /// any TLS 1.2 or 1.3 cipher suite with room to spare.
    /// </summary>
    public const int RecordOverhead = 128;

    /// <summary>Why the session failed, in words; empty while it has not.</summary>
    public string Error { get; private protected set; } = "";

    /// <summary>Why the session failed, or was closed before it was established, to count by.</summary>
    public TlsFailure Failure { get; private protected set; }

    /// <summary>True when the failure is the peer's certificate being refused; the names tell whose.</summary>
    public abstract bool IsCertificateRefused { get; }

    /// <summary>Subject of the refused certificate.</summary>
    public abstract string RefusedSubject { get; }

    /// <summary>Issuer of the refused certificate.</summary>
    public abstract string RefusedIssuer { get; }

    /// <summary>True once the handshake is complete, whatever output may still be pending.</summary>
    public abstract bool IsEstablished { get; }

    /// <summary>Protocol version agreed on.</summary>
    public abstract TlsVersion Version { get; }

    /// <summary>True when the handshake resumed an earlier session (RFC 8446 section 2.2, RFC 5077).</summary>
    public abstract bool IsResumed { get; }

    /// <summary>
    /// When the first certificate of the chain ends by which the server was verified; null when dates did not matter, or were looked at in
    /// the handshake that this one resumes. Outgoing sessions, once the handshake is complete.
    /// </summary>
    public virtual DateTimeOffset? CertificateEnd => null;

    /// <summary>What became of the ticket the client offered; incoming sessions, once the handshake is complete.</summary>
    public virtual TicketUse TicketUse => TicketUse.None;

    /// <summary>The name that the client asked for (RFC 6066 section 3), as it sent it; empty without one. Incoming sessions; good while the session is.</summary>
    public virtual ReadOnlySpan<byte> ServerName => default;

    /// <summary>The application protocol both sides agreed on (RFC 7301), empty when none.</summary>
    public abstract string ApplicationProtocol { get; }

    /// <summary>True when the library produced bytes (an alert, a ticket, a key update) that no output span took yet.</summary>
    public abstract bool HasPendingOutput { get; }

    /// <summary>Drives the handshake.</summary>
    /// <param name="input">Ciphertext received.</param>
    /// <param name="consumed">Bytes of it used; give the rest again.</param>
    /// <param name="output">Room for ciphertext to send; anything pending goes first.</param>
    /// <param name="written">Bytes of it filled, in every case, failure included.</param>
    /// <returns>
    /// <see cref="TlsStatus.Ok"/> when complete. What followed the handshake in the input may have been
    /// taken over with it, so <see cref="Receive"/> must be called then, even without further input.
    /// </returns>
    public abstract TlsStatus Handshake(ReadOnlySpan<byte> input, out int consumed, Span<byte> output, out int written);

    /// <summary>Opens received records.</summary>
    /// <param name="ciphertext">Bytes received.</param>
    /// <param name="consumed">Bytes of it taken over; the rest must be given again.</param>
    /// <param name="plaintext">Room for what they contain.</param>
    /// <param name="written">Bytes of it filled.</param>
    /// <returns>
    /// <see cref="TlsStatus.NeedInput"/> when everything given was used up; <see cref="TlsStatus.NeedOutput"/>
    /// when the room was, so call again; <see cref="TlsStatus.Closed"/> or <see cref="TlsStatus.Failed"/>
    /// may come with bytes written before the end.
    /// </returns>
    public abstract TlsStatus Receive(ReadOnlySpan<byte> ciphertext, out int consumed, Span<byte> plaintext, out int written);

    /// <summary>Seals plaintext into records of at most <see cref="TlsContext.MaxRecordPayload"/> bytes.</summary>
    /// <param name="plaintext">What to send.</param>
    /// <param name="consumed">Bytes of it sealed; all of it when the result is <see cref="TlsStatus.Ok"/>.</param>
    /// <param name="ciphertext">Room for records; anything pending goes first.</param>
    /// <param name="written">Bytes of it filled.</param>
    /// <returns><see cref="TlsStatus.NeedOutput"/> when a further record would not surely fit.</returns>
    public abstract TlsStatus Send(ReadOnlySpan<byte> plaintext, out int consumed, Span<byte> ciphertext, out int written);

    /// <summary>Puts close_notify into the output, after anything pending.</summary>
    public abstract void Close(Span<byte> ciphertext, out int written);

    /// <summary>Moves pending output into a span.</summary>
    /// <returns>Bytes moved.</returns>
    public abstract int FlushPending(Span<byte> ciphertext);

    /// <summary>Gives buffers back that an idle session does not need; they come again with the next record.</summary>
    public virtual void ReleaseBuffers()
    {
    }

    /// <inheritdoc/>
    public abstract void Dispose();
}
