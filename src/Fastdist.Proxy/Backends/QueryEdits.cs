using System;
using Fastdist.Dns;
using Fastdist.Proxy.InFlight;
using Fastdist.Settings;

namespace Fastdist.Proxy.Backends;

/// <summary>
/// What one backend's queries get on their way (EDNS client subnet, padding) and its answers lose again, so that a
/// client sees only what it asked for. Which edits a query got follows from these settings and its EDNS record, and undoing
/// one that was left out changes nothing. A query that may not be edited (TSIG, SIG(0), bytes behind its records) goes as it is, and no
/// option of ours is in its answer.
/// </summary>
/// <param name="backend">The backend's settings.</param>
/// <param name="proxy">The process's settings.</param>
/// <param name="table">The queries in flight, and what was decided about them.</param>
internal sealed class QueryEdits(BackendOptions backend, ProxyOptions proxy, InFlightTable table)
{
    /// <summary>Most bytes a query grows by: an OPT, a client subnet, and a padding option up to the block's end.</summary>
    public const int MaxGrowth = OptSize + OptionHeader + ClientSubnet.MaxSize + OptionHeader + Padding.QueryBlock;

    private const int OptSize = 11;
    private const int OptionHeader = 4;

    private readonly bool _isAny = backend.PadQueries || backend.UseClientSubnet;

    /// <summary>Whether a query is one that gets edits.</summary>
    public bool Concern(in InFlightEntry query) => _isAny && !query.IsPinned;

    /// <summary>Edits a query.</summary>
    /// <param name="buffer">The message, and room to grow.</param>
    /// <param name="length">The message's length in bytes.</param>
    /// <param name="query">Whose it is. A health check stays as it is: it says nothing about anybody.</param>
    /// <returns>The length after the edits.</returns>
    public int Apply(Span<byte> buffer, int length, in InFlightEntry query)
    {
        if (!Concern(in query) || (query.Notes & QueryNotes.IsUnedited) != 0)
        {
            return length;
        }

        bool tellsSubnet = TellsSubnet(in query);
        if (!tellsSubnet && !backend.PadQueries)
        {
            return length;
        }

        // The size is of UDP answers, of which there are none here. Rules may have added an OPT already.
        bool hasOpt = (query.Edns & EdnsTraits.HasOpt) != 0 || (query.HasDecision && table.DecisionOf(in query).Has(DecisionNotes.OptAdded));
        if (!hasOpt && !EdnsEdit.TryAppendOpt(buffer, ref length, (ushort)proxy.UdpMaxSize))
        {
            return length;
        }

        if (tellsSubnet)
        {
            TellSubnet(buffer, ref length, in query);
        }

        if (backend.PadQueries)
        {
            Padding.TryPad(buffer, ref length, Padding.QueryBlock);
        }

        return length;
    }

    /// <summary>Takes out of an answer what is there because of an edit.</summary>
    /// <param name="answer">The message.</param>
    /// <param name="length">Its length in bytes.</param>
    /// <param name="query">The query it answers.</param>
    /// <returns>The length after that.</returns>
    public int Undo(Span<byte> answer, int length, in InFlightEntry query)
    {
        if (!Concern(in query))
        {
            return length;
        }

        if ((query.Edns & EdnsTraits.HasOpt) == 0)
        {
            EdnsEdit.TryRemoveOpt(answer, ref length);
        }
        else if (TellsSubnet(in query))
        {
            // Also where it replaced the client's own: an answer about another network than was asked for is refused (RFC 7871 section 7.3).
            EdnsEdit.TryRemoveOption(answer, ref length, EdnsOption.ClientSubnet);
        }

        return length;
    }

    private bool TellsSubnet(in InFlightEntry query)
    {
        if (!backend.UseClientSubnet)
        {
            return false;
        }

        Decision decision = table.DecisionOrNone(in query);
        return ToldSubnet.IsTold(query.Edns, in decision, proxy);
    }

    private void TellSubnet(Span<byte> buffer, ref int length, in InFlightEntry query)
    {
        Decision decision = table.DecisionOrNone(in query);
        ReadOnlySpan<byte> address = ToldSubnet.Choose(in decision, in query.Route.Peer, proxy, out int prefix);
        if (decision.Subnet is not null)
        {
            // It says nothing about the client, so how much of it is told is not for the client to say.
            ClientSubnet.TrySet(buffer, ref length, address, prefix);
        }
        else if ((query.Edns & EdnsTraits.ClientSubnet) == 0)
        {
            ClientSubnet.TryAdd(buffer, ref length, address, prefix);
        }
        else
        {
            ClientSubnet.TryReplace(buffer, ref length, address, prefix);
        }
    }
}
