using Fastdist.Dns;

namespace Fastdist.Proxy.Gates;

/// <summary>Answers for resolver.arpa, which is about whoever is asked (RFC 9462 section 4): here nothing is to be found under it.</summary>
internal sealed class OwnNames : IJudge
{
    /// <inheritdoc/>
    public Fate Judge(in Query query, in Origin origin, Judgement judgement)
    {
        if (!ResolverArpa.Holds(query.Name))
        {
            return Fate.Undecided;
        }

        origin.Counters.ResolverArpa++;
        return judgement.AnswerWithoutOurs(ResolverArpa.WriteNoData(in query, judgement.Room, judgement.PayloadSize));
    }
}
