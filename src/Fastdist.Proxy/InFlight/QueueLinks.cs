namespace Fastdist.Proxy.InFlight;

/// <summary>The links of whatever list a query waits in: for room, for its turn, or to be sent again. It is in one of them at most.</summary>
internal readonly struct QueueLinks : IEntryLinks
{
    public static ref EntryLinks Of(ref InFlightEntry entry) => ref entry.Queue;
}
