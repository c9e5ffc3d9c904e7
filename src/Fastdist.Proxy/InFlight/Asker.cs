using System;

namespace Fastdist.Proxy.InFlight;

/// <summary>
/// Who asks and waits for answers: a shard's UDP frontends, its stream frontends, its health checks. Each of its queries ends in exactly
/// one of these calls.
/// </summary>
internal abstract class Asker
{
    /// <summary>Its number in <see cref="InFlightTable"/>, by which its queries name it.</summary>
    public byte Number { get; set; }

    /// <summary>Whether a query may be dropped for want of room, as whoever sent it asks again; one that came on a stream waits or is refused.</summary>
    public virtual bool MayBeDropped => false;

    /// <summary>The answer to a query came.</summary>
    /// <param name="entry">The query.</param>
    /// <param name="answer">The whole answer under the query's own ID, good until the call ends.</param>
    public abstract void Answered(in InFlightEntry entry, ReadOnlySpan<byte> answer);

    /// <summary>A query was answered, and the answer is not to be sent.</summary>
    /// <param name="entry">The query.</param>
    public virtual void Dropped(in InFlightEntry entry)
    {
    }

    /// <summary>A query has waited for so long that whoever asked may be given what a cache has, though its time be over.</summary>
    /// <param name="index">The query, which goes on.</param>
    public virtual void TryGiveStale(int index)
    {
    }

    /// <summary>A query gets no answer.</summary>
    /// <param name="entry">The query.</param>
    /// <param name="query">Its message.</param>
    /// <param name="failure">Why.</param>
    public abstract void Failed(in InFlightEntry entry, ReadOnlySpan<byte> query, in QueryFailure failure);
}
