using Fastdist.Dns;

namespace Fastdist.Proxy.InFlight;

/// <summary>
/// What was decided about a query beyond letting it through, kept until its answer comes. Most queries have none; those that do take a
/// place in <see cref="DecisionTable"/>.
/// </summary>
internal record struct Decision()
{
    /// <summary>The pool that is asked; 0 is the default pool.</summary>
    public short Pool;

    /// <summary>Largest TTL in its answer, seconds.</summary>
    public uint MaxTtl = uint.MaxValue;

    /// <summary>The extended error (RFC 8914) that its answer gets, where it has an OPT; null for none.</summary>
    public ExtendedError? Reason;
}
