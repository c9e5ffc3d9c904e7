using System;
using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text;
using Fastdist.Tls.Interop;

namespace Fastdist.Tls;

/// <summary>
/// One TLS session as a machine over spans: ciphertext in, plaintext out; plaintext in, ciphertext
/// out. It never sees a socket and belongs to one thread. After <see cref="TlsStatus.Failed"/> or
/// <see cref="TlsStatus.Closed"/> only <see cref="Close"/>, <see cref="FlushPending"/> and
/// <see cref="Dispose"/> make sense.
/// </summary>
public sealed unsafe class TlsSession : IDisposable
{
    /// <summary>
    /// Ciphertext room one record may need beyond its payload: header, IV, tag and content type of
    /// any TLS 1.2 or 1.3 cipher suite with room to spare.
    /// </summary>
    public const int RecordOverhead = 128;

    private readonly BioWindow* _window;
    private nint _session;
    private bool _failed;

    /// <summary>Starts a session; the first verb to call is <see cref="Handshake"/>.</summary>
    /// <exception cref="TlsConfigurationException">OpenSSL refused the subject to verify, or is out of memory.</exception>
    public TlsSession(TlsContext context)
    {
        _session = OpenSsl.SSL_new(context.Pointer);
        if (_session == 0)
        {
            throw new TlsConfigurationException($"SSL_new: {TlsErrors.TakeQueue()}");
        }

        _window = (BioWindow*)NativeMemory.AllocZeroed((nuint)sizeof(BioWindow));
        nint bio = SpanBio.Create(_window);
        OpenSsl.SSL_set_bio(_session, bio, bio);
        if (context.IsServer)
        {
            OpenSsl.SSL_set_accept_state(_session);
            return;
        }

        OpenSsl.SSL_set_connect_state(_session);
        SetSubject(context.Client!);
    }

    /// <summary>Why the session failed, in words; empty while it has not.</summary>
    public string Error { get; private set; } = "";

    /// <summary>True when the failure is the peer's certificate being refused; the names tell whose.</summary>
    public bool IsCertificateRefused => _window->VerifyError != 0;

    /// <summary>Subject of the refused certificate.</summary>
    public string RefusedSubject => Text(in _window->Subject);

    /// <summary>Issuer of the refused certificate.</summary>
    public string RefusedIssuer => Text(in _window->Issuer);

    /// <summary>Protocol version, for instance <c>TLSv1.3</c>.</summary>
    public string ProtocolVersion => Marshal.PtrToStringUTF8((nint)OpenSsl.SSL_get_version(_session)) ?? "";

    /// <summary>The application protocol both sides agreed on (RFC 7301), empty when none.</summary>
    public string ApplicationProtocol
    {
        get
        {
            byte* name;
            uint length;
            OpenSsl.SSL_get0_alpn_selected(_session, &name, &length);
            return length == 0 ? "" : Encoding.ASCII.GetString(name, (int)length);
        }
    }

    /// <summary>True when OpenSSL produced bytes (an alert, a key update) that no output span took yet.</summary>
    public bool HasPendingOutput => _window->SpillLength > 0;

    /// <summary>Drives the handshake.</summary>
    /// <param name="input">Ciphertext received.</param>
    /// <param name="consumed">Bytes of it used; give the rest again.</param>
    /// <param name="output">Room for ciphertext to send; anything pending goes first.</param>
    /// <param name="written">Bytes of it filled, in every case, failure included.</param>
    /// <returns>
    /// <see cref="TlsStatus.Ok"/> when complete. What followed the handshake in the input may have been
    /// taken over with it, so <see cref="Receive"/> must be called then, even without further input.
    /// </returns>
    public TlsStatus Handshake(ReadOnlySpan<byte> input, out int consumed, Span<byte> output, out int written)
    {
        int flushed = FlushPending(output);
        fixed (byte* inputBytes = input, outputBytes = output)
        {
            Open(inputBytes, input.Length, outputBytes, output.Length);
            _window->OutputUsed = flushed;
            int result = _failed ? -1 : OpenSsl.SSL_do_handshake(_session);
            TlsStatus status = result == 1 ? TlsStatus.Ok : Explain(result);
            Shut(input.Length, out consumed, out written);
            return status != TlsStatus.Failed && HasPendingOutput ? TlsStatus.NeedOutput : status;
        }
    }

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
    public TlsStatus Receive(ReadOnlySpan<byte> ciphertext, out int consumed, Span<byte> plaintext, out int written)
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

            Shut(ciphertext.Length, out consumed, out _);
            return status;
        }
    }

    /// <summary>Seals plaintext into records of at most <see cref="TlsContext.MaxRecordPayload"/> bytes.</summary>
    /// <param name="plaintext">What to send.</param>
    /// <param name="consumed">Bytes of it sealed; all of it when the result is <see cref="TlsStatus.Ok"/>.</param>
    /// <param name="ciphertext">Room for records; anything pending goes first.</param>
    /// <param name="written">Bytes of it filled.</param>
    /// <returns><see cref="TlsStatus.NeedOutput"/> when a further record would not surely fit.</returns>
    public TlsStatus Send(ReadOnlySpan<byte> plaintext, out int consumed, Span<byte> ciphertext, out int written)
    {
        consumed = 0;
        written = FlushPending(ciphertext);
        if (_failed)
        {
            return TlsStatus.Failed;
        }

        fixed (byte* plain = plaintext, output = ciphertext)
        {
            Open(null, 0, output, ciphertext.Length);
            _window->OutputUsed = written;
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

            Shut(0, out _, out written);
            return status;
        }
    }

    /// <summary>Puts close_notify into the output, after anything pending.</summary>
    public void Close(Span<byte> ciphertext, out int written)
    {
        written = FlushPending(ciphertext);
        if (_failed)
        {
            return;
        }

        fixed (byte* output = ciphertext)
        {
            Open(null, 0, output, ciphertext.Length);
            _window->OutputUsed = written;
            OpenSsl.SSL_shutdown(_session);
            OpenSsl.ERR_clear_error();
            Shut(0, out _, out written);
        }
    }

    /// <summary>Moves pending output into a span.</summary>
    /// <returns>Bytes moved.</returns>
    public int FlushPending(Span<byte> ciphertext)
    {
        if (_window->SpillLength == 0)
        {
            return 0;
        }

        int count = Math.Min(_window->SpillLength, ciphertext.Length);
        var spill = new Span<byte>(_window->Spill, _window->SpillLength);
        spill[..count].CopyTo(ciphertext);
        spill[count..].CopyTo(spill);
        _window->SpillLength -= count;
        return count;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_session != 0)
        {
            OpenSsl.SSL_free(_session);
            _session = 0;
            SpanBio.FreeSpill(_window);
            NativeMemory.Free(_window);
        }
    }

    private static string Text(in VerifyName name)
    {
        ReadOnlySpan<byte> bytes = name;
        int end = bytes.IndexOf((byte)0);
        return Encoding.UTF8.GetString(end < 0 ? bytes : bytes[..end]);
    }

    private void SetSubject(TlsClientOptions options)
    {
        if (options.SubjectName is { Length: > 0 } name)
        {
            byte[] sni = Encoding.ASCII.GetBytes(name + '\0');
            fixed (byte* text = sni)
            {
                OpenSsl.SSL_ctrl(_session, OpenSsl.CtrlSetServerName, 0, text);
            }

            OpenSsl.SSL_set_hostflags(_session, OpenSsl.CheckNoPartialWildcards);
            Require(OpenSsl.SSL_set1_host(_session, name), $"subjectName '{name}'");
        }
        else if (options.SubjectAddress is { Length: > 0 } address)
        {
            Require(OpenSsl.X509_VERIFY_PARAM_set1_ip_asc(OpenSsl.SSL_get0_param(_session), address), $"subjectAddr '{address}'");
        }
    }

    private void Require(int result, string what)
    {
        if (result != 1)
        {
            string reason = TlsErrors.TakeQueue();
            Dispose();
            throw new TlsConfigurationException($"{what}: {reason}");
        }
    }

    private void Open(byte* input, int inputLength, byte* output, int outputLength)
    {
        // SSL_get_error judges by the thread's queue, where any user of libcrypto may have left something.
        // Clearing walks the whole queue, so it is looked at first.
        if (OpenSsl.ERR_peek_error() != 0)
        {
            OpenSsl.ERR_clear_error();
        }

        SetWindow(input, inputLength, output, outputLength);
    }

    private void SetWindow(byte* input, int inputLength, byte* output, int outputLength)
    {
        _window->Input = input;
        _window->InputLength = inputLength;
        _window->Output = output;
        _window->OutputLength = outputLength;
        _window->OutputUsed = 0;
    }

    private void Shut(int given, out int consumed, out int written)
    {
        consumed = given - _window->InputLength;
        written = _window->OutputUsed;
        SetWindow(null, 0, null, 0);
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
                Error = _window->VerifyError == 0
                    ? TlsErrors.TakeQueue()
                    : Marshal.PtrToStringUTF8((nint)OpenSsl.X509_verify_cert_error_string(_window->VerifyError)) ?? "certificate refused";
                OpenSsl.ERR_clear_error();
                return TlsStatus.Failed;
        }
    }
}
