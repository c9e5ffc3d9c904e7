using System;
using System.Net.Sockets;
using System.Threading;
using System.Threading.Tasks;

namespace Fastdist.Integration.Tests.Harness;

/// <summary>Passes a TLS connection's bytes through, counts the records with application data that arrive and tells what came last.</summary>
internal sealed class RecordCountingStream(Socket socket) : NetworkStream(socket, ownsSocket: true)
{
    private const byte Alert = 21, ApplicationData = 23;

    /// <summary>Of TLS 1.3: level and description, the true content type and a tag of 16 bytes (RFC 8446 section 5.2). No DNS message is that short.</summary>
    private const int SealedAlertLength = 2 + 1 + 16;

    private readonly byte[] _header = new byte[5];
    private int _headerFilled;
    private int _bodyLeft;
    private int _records;
    private bool _endsInAlert;

    public int Records => Volatile.Read(ref _records);

    /// <summary>Whether the last record that came was an alert, as close_notify is.</summary>
    public bool EndsInAlert => Volatile.Read(ref _endsInAlert);

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        int read = await base.ReadAsync(buffer, cancellationToken);
        Follow(buffer.Span[..read]);
        return read;
    }

    private void Follow(ReadOnlySpan<byte> bytes)
    {
        while (bytes.Length > 0)
        {
            if (_bodyLeft > 0)
            {
                int skipped = Math.Min(_bodyLeft, bytes.Length);
                _bodyLeft -= skipped;
                bytes = bytes[skipped..];
                continue;
            }

            _header[_headerFilled++] = bytes[0];
            bytes = bytes[1..];
            if (_headerFilled == _header.Length)
            {
                _headerFilled = 0;
                _bodyLeft = (_header[3] << 8) | _header[4];
                Volatile.Write(ref _endsInAlert, _header[0] == Alert || (_header[0] == ApplicationData && _bodyLeft == SealedAlertLength));
                if (_header[0] == ApplicationData)
                {
                    Interlocked.Increment(ref _records);
                }
            }
        }
    }
}
