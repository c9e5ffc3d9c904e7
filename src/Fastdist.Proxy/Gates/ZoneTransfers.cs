using Fastdist.Dns;

namespace Fastdist.Proxy.Gates;

/// <summary>Refuses zone transfers: their answers may be many messages, and a query here has one.</summary>
internal sealed class ZoneTransfers : IJudge
{
    /// <inheritdoc/>
    public Fate Judge(in Query query, in Origin origin, Judgement judgement)
    {
        if (query.Type is not (RecordType.AXFR or RecordType.IXFR))
        {
            return Fate.Undecided;
        }

        origin.Counters.RefusedXfr++;
        return judgement.Refuse(query.Message, Rcode.Refused, ExtendedError.NotSupported, "zone transfers are not proxied"u8);
    }
}
