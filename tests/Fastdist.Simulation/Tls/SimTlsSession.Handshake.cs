using System;
using System.Buffers.Binary;
using System.Text;
using Fastdist.Tls;

namespace Fastdist.Simulation.Tls;

/// <summary>
/// The handshake, in the flights of TLS 1.3 (RFC 8446 section 2): hello; hello, certificate unless resumed, finished; finished. Tickets follow.
/// </summary>
internal sealed partial class SimTlsSession
{
    private const int RandomSize = sizeof(ulong);

    private readonly HandshakeFault _fault;

    /// <summary>Whether a client's fault comes in its second flight, not instead of its hello.</summary>
    private readonly bool _failsLate;
    private ulong _clientRandom;
    private ulong _offeredTicket;
    private bool _isBegun;
    private bool _isSilent;
    private bool _isVerified;
    private bool _isResumed;
    private string _protocol = "";

    private enum HandshakeType : byte
    {
        ClientHello = 1,
        ServerHello = 2,
        Ticket = 4,
        Certificate = 11,
        Finished = 20,
        KeyUpdate = 24,
    }

    private TlsStatus Shake(ref ReadOnlySpan<byte> input)
    {
        if (!_isBegun)
        {
            _isBegun = true;
            if (!_options.IsServer && (_failsLate || !Misbehaves()))
            {
                SayHello();
            }
        }

        while (!_isEstablished && !_hasFailed && !_isClosed)
        {
            if (!TryRead(ref input, out RecordType type, out ReadOnlySpan<byte> payload))
            {
                return _hasFailed ? TlsStatus.Failed : TlsStatus.NeedInput;
            }

            if (_isSilent)
            {
                continue;
            }

            switch (type)
            {
                case RecordType.Handshake:
                    TakeHandshake((HandshakeType)payload[0], payload[1..]);
                    break;
                case RecordType.Alert:
                    TakeAlert((Alert)payload[0]);
                    break;
                default:
                    Fail(TlsFailure.BadRecord, Alert.UnexpectedMessage, "data before the handshake was complete");
                    break;
            }
        }

        if (_isClosed && !_isEstablished)
        {
            Failure = TlsFailure.Cancelled;
            return TlsStatus.Closed;
        }

        ReadAhead(ref input);
        return _hasFailed ? TlsStatus.Failed : TlsStatus.Ok;
    }

    /// <summary>Does what is wrong with this session, if anything is.</summary>
    /// <returns>True when it did, so that nothing right follows.</returns>
    private bool Misbehaves()
    {
        switch (_fault)
        {
            case HandshakeFault.None:
                return false;
            case HandshakeFault.Alert:
                Fail(TlsFailure.Other, _options.IsServer ? Alert.HandshakeFailure : Alert.UnknownCa, "it was to fail");
                break;
            case HandshakeFault.Garbage:
                Garble();
                break;
            case HandshakeFault.Close:
                Emit(RecordType.Alert, [(byte)Alert.CloseNotify]);
                Die(TlsFailure.Other, "it was to close");
                break;
            default:
                _isSilent = true;
                break;
        }

        return true;
    }

    private void SayHello()
    {
        Span<byte> hello = stackalloc byte[600];
        _clientRandom = (ulong)_tls.Random.NextInt64();
        if (_options.Store is { Count: > 0 } store)
        {
            _offeredTicket = store[^1];
            store.RemoveAt(store.Count - 1);
        }

        BinaryPrimitives.WriteUInt64BigEndian(hello, _clientRandom);
        BinaryPrimitives.WriteUInt64BigEndian(hello[RandomSize..], _offeredTicket);
        WriteProtocol(hello[(2 * RandomSize)..], _context.OffersProtocol ? _options.Protocol : "");
        Emit(HandshakeType.ClientHello, hello[..(200 + _tls.Random.Next(400))]);
    }

    private void TakeHandshake(HandshakeType type, ReadOnlySpan<byte> body)
    {
        switch (type, _options.IsServer)
        {
            case (HandshakeType.ClientHello, true) when _receiveKey == 0:
                TakeClientHello(body);
                break;
            case (HandshakeType.ServerHello, false) when _receiveKey == 0:
                TakeServerHello(body);
                break;
            case (HandshakeType.Certificate, false) when _receiveKey != 0 && !_isResumed:
                TakeCertificate((TlsFailure)body[0]);
                break;
            case (HandshakeType.Finished, _) when _receiveKey != 0:
                TakeFinished();
                break;
            default:
                Fail(TlsFailure.BadRecord, Alert.UnexpectedMessage, $"{type} is out of place");
                break;
        }
    }

    private void TakeClientHello(ReadOnlySpan<byte> body)
    {
        _clientRandom = BinaryPrimitives.ReadUInt64BigEndian(body);
        _offeredTicket = BinaryPrimitives.ReadUInt64BigEndian(body[RandomSize..]);
        string offered = ReadProtocol(body[(2 * RandomSize)..]);
        if (Misbehaves())
        {
            return;
        }

        if (offered.Length > 0 && _options.RefusesProtocol)
        {
            Fail(TlsFailure.Other, Alert.NoApplicationProtocol, "no application protocol in common");
            return;
        }

        _protocol = offered == _options.Protocol ? offered : "";
        _isResumed = _context.Knows(_offeredTicket);
        ulong random = (ulong)_tls.Random.NextInt64();
        Span<byte> hello = stackalloc byte[120];
        BinaryPrimitives.WriteUInt64BigEndian(hello, random);
        hello[RandomSize] = _isResumed ? (byte)1 : (byte)0;
        WriteProtocol(hello[(RandomSize + 1)..], _protocol);
        Emit(HandshakeType.ServerHello, hello);
        Agree(random);
        if (!_isResumed)
        {
            Span<byte> certificate = stackalloc byte[500 + _tls.Random.Next(4000)];
            certificate[0] = (byte)_options.Certificate;
            Emit(HandshakeType.Certificate, certificate);
        }

        Emit(HandshakeType.Finished, stackalloc byte[32]);
    }

    private void TakeServerHello(ReadOnlySpan<byte> body)
    {
        ulong random = BinaryPrimitives.ReadUInt64BigEndian(body);
        _isResumed = body[RandomSize] != 0;
        _protocol = ReadProtocol(body[(RandomSize + 1)..]);
        Agree(random);
    }

    private void TakeCertificate(TlsFailure fault)
    {
        _isVerified = fault == TlsFailure.None;
        if (!_isVerified)
        {
            Fail(fault, Alert.BadCertificate, $"certificate refused: {fault}");
        }
    }

    private void TakeFinished()
    {
        if (_options.IsServer)
        {
            Establish();
            Span<byte> ticket = stackalloc byte[RandomSize + 180];
            for (int i = 0; i < _options.Tickets; i++)
            {
                BinaryPrimitives.WriteUInt64BigEndian(ticket, _context.NextTicket());
                Emit(HandshakeType.Ticket, ticket);
            }
        }
        else if (!_isVerified && !_isResumed)
        {
            Fail(TlsFailure.BadRecord, Alert.UnexpectedMessage, "no certificate came");
        }
        else if (!Misbehaves())
        {
            Emit(HandshakeType.Finished, stackalloc byte[32]);
            Establish();
        }
    }

    private void Establish()
    {
        _isEstablished = true;
        _tls.Handshakes += _context.IsOurs ? 1 : 0;
        _tls.Resumptions += _context.IsOurs && _isResumed ? 1 : 0;
    }

    /// <summary>Sets the keys that both randoms make; records are numbered anew.</summary>
    private void Agree(ulong serverRandom)
    {
        ulong client = SimTlsRecord.Derive(_clientRandom, serverRandom);
        ulong server = SimTlsRecord.Derive(serverRandom, _clientRandom);
        (_sendKey, _receiveKey) = _options.IsServer ? (server, client) : (client, server);
        _sent = _received = 0;
    }

    private void Emit(HandshakeType type, ReadOnlySpan<byte> body)
    {
        Span<byte> message = stackalloc byte[1 + body.Length];
        message[0] = (byte)type;
        body.CopyTo(message[1..]);
        Emit(RecordType.Handshake, message);
    }

    private static void WriteProtocol(Span<byte> target, string protocol)
    {
        target[0] = (byte)protocol.Length;
        Encoding.ASCII.GetBytes(protocol, target[1..]);
    }

    private static string ReadProtocol(ReadOnlySpan<byte> source) => Encoding.ASCII.GetString(source.Slice(1, source[0]));
}
