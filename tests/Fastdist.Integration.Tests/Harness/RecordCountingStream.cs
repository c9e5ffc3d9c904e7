using System;
using System.Net.Sockets;
using System.Threading;
using System.Threading.Tasks;

namespace Fastdist.Integration.Tests.Harness;

/// <summary>Passes a TLS connection's bytes through and counts the records with application data that arrive.</summary>
internal sealed class RecordCountingStream(Socket socket) : NetworkStream(socket, ownsSocket: true)
{
    private const byte ApplicationData = 23;

    private readonly byte[] _header = new byte[5];
    private int _headerFilled;
    private int _bodyLeft;
    private int _records;

    public int Records => Volatile.Read(ref _records);

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
                if (_header[0] == ApplicationData)
                {
                    Interlocked.Increment(ref _records);
                }
            }
        }
    }
}
