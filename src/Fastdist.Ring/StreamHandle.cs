namespace Fastdist.Ring;

/// <summary>
/// Names one stream of a ring. The generation makes a handle kept past its stream's end harmless:
/// the slot's next tenant has another one.
/// </summary>
/// <param name="Index">Slot in the ring's stream table.</param>
/// <param name="Generation">Which tenant of the slot; 24 bits, never 0 for a live stream.</param>
public readonly record struct StreamHandle(uint Index, uint Generation)
{
    /// <summary>No stream.</summary>
    public static StreamHandle None => default;

    /// <summary>True when this handle once named a stream (it may be closed by now).</summary>
    public bool IsValid => Generation != 0;
}

/// <summary>What a stream's bytes look like, which decides the size of the buffers it receives into.</summary>
public enum StreamClass : byte
{
    /// <summary>A client: few bytes at a time, many streams.</summary>
    Client = 0,

    /// <summary>A backend: few streams, each with many messages in every read.</summary>
    Backend = 1,
}
