using System;

namespace Fastdist.Proxy.InFlight;

/// <summary>What is noted about a query on its way.</summary>
[Flags]
internal enum QueryNotes : byte
{
    /// <summary>Nothing of the below.</summary>
    None = 0,

    /// <summary>It goes as the client asked it, since a backend refused what was added.</summary>
    IsUnedited = 1,

    /// <summary>Something was added to it on its way to a backend.</summary>
    IsEdited = 2,

    /// <summary>Something was decided about it that is kept beside it.</summary>
    HasDecision = 4,

    /// <summary>It goes over streams only, as its answer does not fit a datagram.</summary>
    NeedsStream = 8,

    /// <summary>It is asked for all that are equal to it, of which there may be none; see <see cref="EqualQueries"/>.</summary>
    Leads = 16,

    /// <summary>It was not sent itself: an equal one was, whose answer it waits for or has got.</summary>
    Follows = 32,

    /// <summary>It is one of equal queries.</summary>
    IsEqual = Leads | Follows,

    /// <summary>A cache has an answer to it whose time is over.</summary>
    HasStale = 64,
}
