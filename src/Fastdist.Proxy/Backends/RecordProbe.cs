using System;
using Fastdist.Dns;
using Fastdist.Settings;

namespace Fastdist.Proxy.Backends;

/// <summary>
/// Finds out, once a backend, whether it reads every message of a TLS record. NSD 4.6 answers the
/// first and leaves the others until more bytes come, so queries sent together would wait for ever.
/// Two copies of the check's question go out in one record before anything else, under the first IDs of the connection.
/// </summary>
internal struct RecordProbe
{
    /// <summary>Copies of the question.</summary>
    public const int Messages = 2;

    /// <summary>Once the first answer is here, the second of a backend that read both is not long in coming.</summary>
    private const long PatienceMicroseconds = 100_000;

    private int _open;

    /// <summary>When it was begun, or answered last.</summary>
    private long _since;

    /// <summary>Whether there was an answer.</summary>
    public readonly bool IsAnswered => _open < Messages;

    /// <summary>Writes a copy of the question, framed for a stream.</summary>
    /// <returns>Bytes of it.</returns>
    public static int Write(Span<byte> frame, ushort id, BackendOptions options)
    {
        Span<byte> name = stackalloc byte[Names.MaxWireLength];
        Names.TryParse(options.CheckName, name, out int nameLength);
        int length = QueryWriter.Write(frame[StreamFraming.PrefixSize..], id, name[..nameLength], options.CheckType, options.CheckClass, options.SetCd);
        StreamFraming.WritePrefix(frame, length);
        return StreamFraming.PrefixSize + length;
    }

    /// <summary>The questions are on their way.</summary>
    public void Begin(long now) => (_open, _since) = (Messages, now);

    /// <summary>Whether an ID is of a question, and not all of them were answered.</summary>
    public readonly bool IsOf(ushort id) => _open > 0 && id < Messages;

    /// <summary>One of them was answered.</summary>
    public void Answered(long now) => (_open, _since) = (_open - 1, now);

    /// <summary>What was found out; one that answers neither question teaches nothing, and queries fare no better for waiting longer.</summary>
    /// <param name="now">Microseconds of the shard's clock.</param>
    /// <param name="timeout">How long the first answer may take, microseconds.</param>
    /// <param name="result">What there is to know.</param>
    /// <returns>False while it is too early to say.</returns>
    public readonly bool TryConclude(long now, long timeout, out RecordBatching result)
    {
        result = _open == 0 ? RecordBatching.Works
            : IsAnswered && now - _since > PatienceMicroseconds ? RecordBatching.Fails
            : RecordBatching.Unknown;
        return result != RecordBatching.Unknown || now - _since > timeout;
    }
}
