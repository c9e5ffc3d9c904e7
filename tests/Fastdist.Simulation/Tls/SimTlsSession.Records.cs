using System;
using System.Buffers.Binary;
using Fastdist.Simulation.Network;
using Fastdist.Tls;

namespace Fastdist.Simulation.Tls;

/// <summary>Alerts, by their numbers on the wire (RFC 8446 section 6).</summary>
internal enum Alert : byte
{
    CloseNotify = 0,
    UnexpectedMessage = 10,
    BadRecordMac = 20,
    HandshakeFailure = 40,
    BadCertificate = 42,
    UnknownCa = 48,
    InternalError = 80,
    NoApplicationProtocol = 120,
}

/// <summary>Records out of bytes that arrive in any pieces, and what a side may say besides data.</summary>
internal sealed partial class SimTlsSession
{
    /// <summary>Bytes behind the record at hand that were taken over with it, as a library does that reads ahead.</summary>
    private readonly ByteQueue _ahead = new();

    /// <summary>Bytes added to each record.</summary>
    private readonly int _padding;
    private byte[] _record = [];
    private int _recordLength;

    /// <summary>Data that was not taken yet.</summary>
    private readonly ByteQueue _opened = new();

    /// <summary>Data behind the first message of a record that waits for the next one.</summary>
    private readonly ByteQueue _withheld = new();
    private readonly MessageBounds _bounds = new();
    private bool _hasData;

    /// <summary>0 until both sides have said hello.</summary>
    private ulong _sendKey;
    private ulong _receiveKey;
    private ulong _sent;
    private ulong _received;

    /// <summary>Has a model give the session up.</summary>
    public void SendAlert(Alert alert) => Fail(TlsFailure.Other, alert, "the model gave up");

    /// <summary>Has a model send bytes that are no record.</summary>
    public void Garble()
    {
        Span<byte> garbage = stackalloc byte[5 + _tls.Random.Next(100)];
        _tls.Random.NextBytes(garbage);
        garbage[0] = SimTlsRecord.Garbage;
        _pending.Append(garbage);
        Die(TlsFailure.Other, "the model sent garbage");
    }

    /// <summary>Takes the next record out of what arrived, behind what came of it before.</summary>
    /// <returns>False when it is not all there yet, or when this is none.</returns>
    private bool TryRead(ref ReadOnlySpan<byte> input, out RecordType type, out ReadOnlySpan<byte> payload)
    {
        type = default;
        payload = default;
        int length = SimTlsRecord.HeaderSize;
        if (!TryGather(ref input, length) || !IsRecord(out length) || !TryGather(ref input, length))
        {
            return false;
        }

        _recordLength = 0;
        ReadOnlySpan<byte> record = _record.AsSpan(0, length);
        if (!SimTlsRecord.TryOpen(record, _receiveKey, _received++, out Range within))
        {
            _tls.Require(false, "a TLS record arrived damaged, out of order or at another session");
            Fail(TlsFailure.BadRecord, Alert.BadRecordMac, "the record is not authentic");
            return false;
        }

        type = (RecordType)record[0];
        payload = record[within];
        return true;
    }

    /// <summary>Whether the header at hand is one.</summary>
    private bool IsRecord(out int length)
    {
        length = SimTlsRecord.LengthOf(_record.AsSpan(0, SimTlsRecord.HeaderSize));
        if (length > 0)
        {
            return true;
        }

        _tls.Require(_receiveKey == 0 || _record[0] == SimTlsRecord.Garbage, "bytes arrived at a TLS session that nobody sealed");
        Fail(TlsFailure.BadRecord, Alert.UnexpectedMessage, "this is no record");
        return false;
    }

    /// <summary>Gathers so many bytes of a record.</summary>
    /// <returns>Whether they are there.</returns>
    private bool TryGather(ref ReadOnlySpan<byte> input, int length)
    {
        if (_record.Length < length)
        {
            Array.Resize(ref _record, length);
        }

        int ahead = Math.Clamp(length - _recordLength, 0, _ahead.Length);
        Gather(_ahead.Span[..ahead]);
        _ahead.Drop(ahead);
        int count = Math.Clamp(length - _recordLength, 0, input.Length);
        Gather(input[..count]);
        input = input[count..];
        return _recordLength >= length;
    }

    private void Gather(ReadOnlySpan<byte> part)
    {
        part.CopyTo(_record.AsSpan(_recordLength));
        _recordLength += part.Length;
    }

    /// <summary>Finds data in what arrived, and heeds what else is in it.</summary>
    /// <returns>False when there is none; the status says why.</returns>
    private bool TryOpen(ref ReadOnlySpan<byte> input, out TlsStatus status)
    {
        status = TlsStatus.NeedInput;
        while (!_hasFailed && !_isClosed && TryRead(ref input, out RecordType type, out ReadOnlySpan<byte> payload))
        {
            switch (type)
            {
                case RecordType.Data when payload.Length > 0:
                    TakeData(payload);
                    return true;
                case RecordType.Alert:
                    TakeAlert((Alert)payload[0]);
                    break;
                case RecordType.Handshake:
                    TakePostHandshake((HandshakeType)payload[0], payload[1..]);
                    break;
                default:
                    break;
            }
        }

        status = _hasFailed ? TlsStatus.Failed : _isClosed ? TlsStatus.Closed : TlsStatus.NeedInput;
        return false;
    }

    private void TakeData(ReadOnlySpan<byte> data)
    {
        int messages = _bounds.Pass(data, out int firstEnd);
        _tls.Require(messages <= 1 || !_options.WantsOneMessageARecord, $"a TLS record completes {messages} messages");

        // The first record may be the question whether it does.
        _tls.Require(messages <= 1 || !_options.ReadsFirstMessageOnly || !_hasData, $"a TLS record of {messages} messages was sent to who reads one");
        _hasData = true;
        _opened.Append(_withheld.Span);
        _withheld.Drop(_withheld.Length);
        int read = _options.ReadsFirstMessageOnly ? firstEnd : data.Length;
        _opened.Append(data[..read]);
        _withheld.Append(data[read..]);
    }

    private int TakeOpened(Span<byte> plaintext)
    {
        int count = Math.Min(plaintext.Length, _opened.Length);
        _opened.Span[..count].CopyTo(plaintext);
        _opened.Drop(count);
        return count;
    }

    /// <summary>Takes over some of what follows, now and then, before it is needed.</summary>
    private void ReadAhead(ref ReadOnlySpan<byte> input)
    {
        if (!input.IsEmpty && !_hasFailed && !_isClosed && _tls.Random.Next(2) == 0)
        {
            int count = Math.Min(input.Length, 1 + _tls.Random.Next(SimTlsRecord.MaxPayload));
            _ahead.Append(input[..count]);
            input = input[count..];
        }
    }

    private void TakeAlert(Alert alert)
    {
        if (alert == Alert.CloseNotify)
        {
            _isClosed = true;
            return;
        }

        Die(
            alert switch
            {
                Alert.HandshakeFailure => TlsFailure.AlertHandshakeFailure,
                Alert.BadCertificate => TlsFailure.AlertBadCertificate,
                Alert.UnknownCa => TlsFailure.AlertUnknownCa,
                Alert.NoApplicationProtocol => TlsFailure.AlertNoApplicationProtocol,
                _ => TlsFailure.AlertOther,
            },
            $"alert {alert}");
    }

    private void TakePostHandshake(HandshakeType type, ReadOnlySpan<byte> body)
    {
        if (type == HandshakeType.Ticket && !_options.IsServer)
        {
            _options.Store?.Add(BinaryPrimitives.ReadUInt64BigEndian(body));
        }
        else if (type == HandshakeType.KeyUpdate)
        {
            bool isAsked = body[0] != 0;
            _receiveKey = SimTlsRecord.Derive(_receiveKey, 1);
            _received = 0;
            if (isAsked && !_saidClose)
            {
                RenewSendKey(asks: false);
            }
        }
        else
        {
            Fail(TlsFailure.BadRecord, Alert.UnexpectedMessage, $"{type} is out of place");
        }
    }

    private void RenewSendKey(bool asks)
    {
        Emit(HandshakeType.KeyUpdate, [asks ? (byte)1 : (byte)0]);
        _sendKey = SimTlsRecord.Derive(_sendKey, 1);
        _sent = 0;
    }
}
