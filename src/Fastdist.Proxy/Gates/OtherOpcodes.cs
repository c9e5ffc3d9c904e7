using Fastdist.Dns;

namespace Fastdist.Proxy.Gates;

/// <summary>What is no standard query: answered NOTIMP, but NOTIFY (RFC 1996) and UPDATE (RFC 2136) where they are forwarded.</summary>
/// <param name="forwardsUpdates">Whether NOTIFY and UPDATE are forwarded.</param>
internal sealed class OtherOpcodes(bool forwardsUpdates) : IJudge
{
    /// <inheritdoc/>
    public Fate Judge(in Query query, in Origin origin, Judgement judgement)
    {
        Opcode opcode = Header.Opcode(query.Message);
        if (opcode == Opcode.Query)
        {
            return Fate.Undecided;
        }

        if (forwardsUpdates && opcode is Opcode.Notify or Opcode.Update)
        {
            return Fate.Forward;
        }

        origin.Counters.NotImp++;
        return judgement.Refuse(query.Message, Rcode.NotImp);
    }
}
