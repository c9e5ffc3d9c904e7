using Fastdist.Proxy.Counters;

namespace Fastdist.Proxy.Backends;

/// <summary>What a backend has to tell whoever gives it queries.</summary>
internal enum NewsKind : byte
{
    /// <summary>A connection ended, and the queries on it want another.</summary>
    ConnectionEnded,

    /// <summary>A query that waited can wait here no longer.</summary>
    Unserved,

    /// <summary>Those that wait would rather go to a backend that is ready, if there is one.</summary>
    Offered,

    /// <summary>It failed, which is a reason to check it.</summary>
    Worse,

    /// <summary>One that was down lets us in.</summary>
    Better,

    /// <summary>One that had been lost a moment ago answers.</summary>
    Returned,

    /// <summary>It cannot be reached over UDP, or is silent there: what it was asked is to be asked elsewhere now, if there is an elsewhere.</summary>
    DatagramsFailed,
}

/// <summary>One piece of news; they are taken in order, when what brought them about is over.</summary>
/// <param name="Kind">What it is about.</param>
/// <param name="Slot">The backend.</param>
/// <param name="Index">The query that is unserved, or the number of the connection that ended.</param>
/// <param name="Failure">Why that ended.</param>
/// <param name="End">How.</param>
internal readonly record struct BackendNews(NewsKind Kind, int Slot, int Index = -1, BackendFailure Failure = default, ConnectionEnd End = default);
