using Fastdist.Dns;

namespace Fastdist.Proxy.Gates;

/// <summary>One who may decide about queries. They are asked in order until one has decided, each query once, as some keep count.</summary>
internal interface IJudge
{
    /// <summary>Decides about a query, or leaves it to the next.</summary>
    /// <param name="query">A sound query of any opcode and type.</param>
    /// <param name="origin">Where it comes from; dies with the call.</param>
    /// <param name="judgement">Takes an answer, or what is to be kept about a query that goes on.</param>
    Fate Judge(in Query query, in Origin origin, Judgement judgement);
}
