using System;

namespace Fastdist.Tls;

/// <summary>
/// Takes the lines of an NSS key log (draft-ietf-tls-keylogfile), one secret each. Called on a shard's thread
/// during handshakes, so it must not block; lines end without a line break.
/// </summary>
/// <param name="write">Takes one line, ASCII; the span is valid only during the call.</param>
public sealed class TlsKeyLog(TlsKeyLog.Writer write)
{
    /// <summary>Takes one line.</summary>
    public delegate void Writer(ReadOnlySpan<byte> line);

    internal void Write(ReadOnlySpan<byte> line) => write(line);
}
