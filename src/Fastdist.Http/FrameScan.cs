using System;

namespace Fastdist.Http;

/// <summary>Finds the frame headers in a connection's bytes (RFC 9113 section 4.1), wherever these are split.</summary>
internal struct FrameScan
{
    public const int HeaderLength = 9;

    private int _seen;
    private int _length;
    private byte _type;
    private uint _stream;
    private int _payloadLeft;

    /// <summary>Takes bytes up to the end of the next frame header.</summary>
    /// <param name="bytes">What follows the bytes of the last call; what is left of it comes back.</param>
    /// <param name="type">The frame's type.</param>
    /// <param name="stream">Its stream.</param>
    /// <returns>False when the bytes end before.</returns>
    public bool TryNext(ref ReadOnlySpan<byte> bytes, out byte type, out int stream)
    {
        while (!bytes.IsEmpty)
        {
            int skip = Math.Min(_payloadLeft, bytes.Length);
            _payloadLeft -= skip;
            bytes = bytes[skip..];
            while (_seen < HeaderLength && !bytes.IsEmpty)
            {
                Take(bytes[0]);
                bytes = bytes[1..];
            }

            if (_seen == HeaderLength)
            {
                (type, stream) = (_type, (int)(_stream & int.MaxValue));
                (_payloadLeft, _seen, _length, _stream) = (_length, 0, 0, 0);
                return true;
            }
        }

        (type, stream) = (0, 0);
        return false;
    }

    private void Take(byte value)
    {
        switch (_seen++)
        {
            case < 3:
                _length = (_length << 8) | value;
                break;
            case 3:
                _type = value;
                break;
            case 4:
                break;
            default:
                _stream = (_stream << 8) | value;
                break;
        }
    }
}
