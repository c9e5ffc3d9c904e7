using System;
using Fastdist.Dns;
using Fastdist.Proxy.InFlight;

namespace Fastdist.Proxy.Backends;

/// <summary>
/// Finds out, once a backend, whether it reads every message of a TLS record. NSD 4.6 answers the
/// first and leaves the others until more bytes come, so queries sent together would wait for ever.
/// Two copies of the check's question go out in one record before anything else.
/// </summary>
internal sealed partial class BackendConnection
{
    private const int ProbeMessages = 2;

    /// <summary>Once the first answer is here, the second of a backend that read both is not long in coming.</summary>
    private const long ProbePatienceMicroseconds = 100_000;

    private int _probesOpen;
    private long _probedAt;

    private bool IsProbeAnswered => _probesOpen < ProbeMessages;

    private void StartProbe()
    {
        State = ConnectionState.Probing;
        _probesOpen = ProbeMessages;
        _probedAt = _shard.Clock.Now;
        Span<byte> name = stackalloc byte[Names.MaxWireLength];
        Names.TryParse(_backend.Options.CheckName, name, out int nameLength);

        // One piece, so they share a record whatever is known of the backend.
        _stream.TryReserve(StreamFraming.MaxFrame, out Span<byte> room);
        int filled = 0;
        for (int i = 0; i < ProbeMessages; i++)
        {
            // Abandoned from the start: no query waits for these IDs, and none gets them until they are answered.
            ushort id = TakeId(entry: 0, isCheck: true);
            Ids.Abandon(id);
            Order.Put(id, _probedAt);
            Span<byte> frame = room[filled..];
            int length = QueryWriter.Write(frame[StreamFraming.PrefixSize..], id, name[..nameLength], _backend.Options.CheckType);
            StreamFraming.WritePrefix(frame, length);
            filled += StreamFraming.PrefixSize + length;
        }

        _stream.TryAdd(filled);
        MarkDirty();
    }

    /// <summary>The probe takes the first IDs of a fresh table.</summary>
    private bool IsProbe(ushort id) => _probesOpen > 0 && id < ProbeMessages;

    private void TakeProbeAnswer(ReadOnlySpan<byte> message)
    {
        if (message.Length < Header.Size || Ids.Find(Header.Id(message), out _) != IdState.Abandoned)
        {
            _counters.UnknownIdResponses++;
            return;
        }

        Ids.Release(Header.Id(message));
        CountAnswer(Header.Id(message));
        _probesOpen--;
        _probedAt = _shard.Clock.Now;
        if (_probesOpen == 0)
        {
            EndProbe(RecordBatching.Works);
        }
    }

    private void TickProbe(long now)
    {
        if (IsProbeAnswered && now - _probedAt > ProbePatienceMicroseconds)
        {
            EndProbe(RecordBatching.Fails);
        }
        else if (now - _probedAt > _backend.Options.CheckTimeout * 1000L)
        {
            // It answers neither: nothing was learnt, and queries fare no better for waiting longer.
            EndProbe(RecordBatching.Unknown);
        }
    }

    private void EndProbe(RecordBatching result)
    {
        if (result == RecordBatching.Fails)
        {
            _shard.Log.RecordsNotShared(_backend.Options.Name);
        }

        _backend.Batching = result;
        BecomeReady();
    }
}
