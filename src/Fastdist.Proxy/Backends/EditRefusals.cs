using System;
using Fastdist.Dns;
using Fastdist.Proxy.InFlight;

namespace Fastdist.Proxy.Backends;

/// <summary>
/// Whether a backend bears what <see cref="QueryEdits"/> add. One that does not know EDNS, or not that option, answers with an
/// error that the client has not caused; it is asked again as the client asked. Only when that helped are the edits
/// left out for a while, as an error that stays is about the question, and no question may take others' padding away.
/// </summary>
internal sealed class EditRefusals
{
    /// <summary>How long edits are left out before they are tried again: an hour.</summary>
    public const long MemoryMicroseconds = 3_600_000_000;

    private long _until = long.MinValue;

    /// <summary>Whether queries go unedited at present.</summary>
    public bool IsRemembered(long now) => now < _until;

    /// <summary>Whether an answer may be an error about our edits, so that the query is worth asking without.</summary>
    public static bool IsPossible(ReadOnlySpan<byte> answer, in InFlightEntry query) =>
        (query.Notes & QueryNotes.IsEdited) != 0 && Answer.MayRefuseEdns(answer);

    /// <summary>Notes what the unedited query was answered.</summary>
    /// <returns>Whether it is known only now that the edits were the reason.</returns>
    public bool Learn(ReadOnlySpan<byte> answer, in InFlightEntry query, long now)
    {
        if ((query.Notes & QueryNotes.IsUnedited) == 0 || IsRemembered(now) || Answer.MayRefuseEdns(answer))
        {
            return false;
        }

        _until = now + MemoryMicroseconds;
        return true;
    }
}
