using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.Linq;
using Fastdist.Dns;
using Fastdist.Ring;
using Fastdist.Simulation.Models;

namespace Fastdist.Simulation.Caching;

/// <summary>
/// Tells whether an answer may be given to who gets it: a backend gave it to an equal question, for the client's network, and its time is not over, or is and that is
/// in order; and there is nothing in it that is another client's.
/// </summary>
internal sealed class AnswerJudge(World world, CachingPlan plan)
{
    private const ushort StaleAnswer = 3;
    private const ushort StaleNXDomainAnswer = 19;
    /// <summary>Bits of a client's address that backends are told.</summary>
    private const int OwnPrefix = 24;

    private const long Second = 1_000_000;

    /// <summary>Microseconds that an answer takes from the process to its client at most, besides the network's time: what rules delay it, and a few turns.</summary>
    private const long Sending = 200_000;

    /// <summary>The answer of a backend that a message is; null for what is no backend's answer to a topic.</summary>
    public GivenAnswer? Of(ReadOnlySpan<byte> message) => new ReadMessage(message) is { Serials.Count: 1 } read ? plan.Answers.Find(read.Serials.First()) : null;

    /// <summary>What is wrong with an answer; empty when nothing is.</summary>
    public string ProblemWith(ReadOnlySpan<byte> message, SimQuery query)
    {
        var answer = new ReadMessage(message);
        if (!answer.IsSound)
        {
            return "it cannot be read";
        }

        if (Header.IsTruncated(message) || answer.Serials.Count == 0)
        {
            return answer.Records.Count == 0 ? ProblemWithOptions(answer, query, null) : "it is cut and has records";
        }

        if (answer.Serials.Count > 1 || plan.Answers.Find(answer.Serials.First()) is not { } given)
        {
            return "it is made of several answers, or of none that was given";
        }

        string[] problems = [ProblemWithQuestion(answer, query, given), ProblemWithOptions(answer, query, given), ProblemWithNetwork(answer, query, given), ProblemWithTime(answer, query, given)];
        return problems.FirstOrDefault(static problem => problem.Length > 0) is { } first ? $"{first} (answer {given.Serial} to q{given.Query.Number}, TTL {given.Ttls.Min()}, {(world.Now - given.At) / 1e6:F3} s ago)" : "";
    }

    /// <summary>Whether it was asked in the same way.</summary>
    private string ProblemWithQuestion(ReadMessage answer, SimQuery query, GivenAnswer given)
    {
        Wish wish = query.Wish!;
        if (given.Wish.Topic != wish.Topic || given.Wish.Type != wish.Type)
        {
            return "it is about another question";
        }

        // What rules change of these on the way they change for all who ask in the same way.
        int flags = world.HasRules ? 0x0020 : GivenAnswers.QueryFlags;
        if (((given.SeenFlags ^ wish.Flags) & flags) != 0)
        {
            return "it was asked for with other RD, AD or CD";
        }

        if (given.SeenDnssecOk != wish.DnssecOk)
        {
            return "it was asked for with another DO";
        }

        if (Math.Max(given.Query.OptionLength, 0) != Math.Max(query.OptionLength, 0) && plan.Cache.SkipOptions.Count == 0)
        {
            return "it was asked for with other options";
        }

        if (plan.Cache.CookieHashing && given.Wish.Cookie != wish.Cookie)
        {
            return "it was asked for with another cookie";
        }

        if (given.Query.Pool != query.Pool && !plan.IsShared && !world.HasRules)
        {
            return "it is of another pool";
        }

        bool isAsGiven = (answer.Flags & GivenAnswers.AnswerFlags) == given.Flags && (answer.Flags & 15) == (int)given.Rcode && answer.Records.Count == given.Ttls.Length;
        return isAsGiven ? "" : "it is not as it was given";
    }

    /// <summary>Whether there is nothing in it for others.</summary>
    private static string ProblemWithOptions(ReadMessage answer, SimQuery query, GivenAnswer? given)
    {
        Wish wish = query.Wish!;
        if (answer.HasOpt && answer.DnssecOk != wish.DnssecOk)
        {
            return "it has another DO in its OPT record";
        }

        if (answer.Option(EdnsOption.Cookie) is { } cookie && (given?.Query != query || wish.Cookie is not { } own || !cookie.AsSpan(0, 8).SequenceEqual(Bytes(own)) || !cookie.AsSpan(8).SequenceEqual(Bytes(own))))
        {
            return "it has somebody's cookie";
        }

        if (answer.Option(EdnsOption.Nsid) is not null && (!wish.WantsNsid || given?.Query != query))
        {
            return "it says who answered though that was not asked for, or was another";
        }

        if (answer.Option((EdnsOption)EdnsOptions.Local) is not null)
        {
            return "it has an option of a query";
        }

        bool isExplained = given is not null && given.Wish.Topic.IsExplained;
        List<ushort> errors = given is null ? [] : answer.Errors();
        return errors.Contains(GivenAnswers.OwnError) != (isExplained && answer.HasOpt) && given is not null ? "it has another extended error than it was given with"
            : errors.Exists(static error => error is not (GivenAnswers.OwnError or StaleAnswer or StaleNXDomainAnswer)) ? "it has an extended error that nobody gave"
            : "";
    }

    private string ProblemWithNetwork(ReadMessage answer, SimQuery query, GivenAnswer given)
    {
        Wish wish = query.Wish!;
        if (answer.Option(EdnsOption.ClientSubnet) is { } echoed
            && (wish.Network is not { } named || !echoed.AsSpan(0, 3).SequenceEqual(named.Write(0).AsSpan(0, 3)) || !echoed.AsSpan(4).SequenceEqual(named.Write(0).AsSpan(4))
                || !IsScopeOf(echoed[3], named, given)))
        {
            return $"it has a client subnet that was not asked for, or another scope than it was given with: {Convert.ToHexString(echoed)} to {wish.Network}, told {given.Told}, scope {given.Scope}";
        }

        if (world.HasRules)
        {
            return "";
        }

        if (given.Told is not { } told)
        {
            // Where others of its pool would have been told the client's network, it is for that.
            return wish.Network is null || plan.OverridesNetworks || world.Backends.Any(static backend => backend.Options.UseClientSubnet) ? "" : "it was given to who named no network";
        }

        // A backend of a pool may be told clients' networks, or may hear what they name themselves.
        ToldNetwork own = new(AddressOf(query), OwnPrefix);
        ToldNetwork[] known = wish.Network is not { } chosen ? [own] : plan.OverridesNetworks ? [chosen, own] : [chosen];
        if (told.Prefix == 0 != known.Any(static network => network.Prefix == 0) && !plan.OverridesNetworks)
        {
            return told.Prefix == 0 || given.Scope > 0 ? "it was given to who hid its network, or to who did not, and is not for the other" : "";
        }

        int bits = Math.Min(given.Scope, told.Prefix);
        return known.Any(network => network.Shares(told, bits)) ? "" : $"it is for {bits} bits of {told}, and its client is in {string.Join(", ", known)}, told by b{given.Backend.Number} ({given.Backend.Options.UseClientSubnet}), asked by {given.Query.Client} with {given.Wish.Network?.ToString() ?? "none"}, not by {query.Client} with {wish.Network?.ToString() ?? "none"}";
    }

    /// <summary>Whether a scope is that of an answer. Where a backend was told less than others would be, it is for who asked, and who hides its network has none.</summary>
    private bool IsScopeOf(int scope, ToldNetwork named, GivenAnswer given) =>
        plan.OverridesNetworks || world.HasRules || scope == (named.Prefix == 0 ? 0 : given.Scope) || (!given.Backend.Options.UseClientSubnet && scope == (given.Told?.Prefix ?? OwnPrefix));

    private string ProblemWithTime(ReadMessage answer, SimQuery query, GivenAnswer given)
    {
        // Rules change TTLs, before an answer is kept and after.
        if (world.HasRules || query.IsSlowlyRead)
        {
            return "";
        }

        uint most = Lifetime(given);
        // What comes first in a turn may go by the time of the turn before.
        long sentAt = world.Now - Sending - (10 * world.Latency) - (IsLate && query.SentAt < world.WentOnAt + Sending ? world.StoppedFor : query.IsDatagram ? 0 : world.StoppedFor - query.StoppedBefore);
        long age = given.ReadBy == 0 ? 0 : Math.Max(sentAt - given.ReadBy, 0);
        bool saysStale = answer.Errors().Exists(static error => error is StaleAnswer or StaleNXDomainAnswer);
        if (saysStale || age > (most + 1) * Second)
        {
            return ProblemWithStale(answer, given, saysStale, age, most);
        }

        if (given.ReadBy > 0 && query.SentAt > given.ReadBy && (most == 0 || (most < plan.Cache.MinTtl && !given.IsFailure)))
        {
            return "it was not to be kept";
        }

        // Who has no OPT record does not hear that its time is over.
        bool mayBeStale = !answer.HasOpt && plan.StaleFor > 0 && world.Now - given.At + (IsLate ? world.StoppedFor : 0) >= (most - 1L) * Second && answer.Records.TrueForAll(record => record.Ttl == plan.Cache.StaleTtl);
        uint[] shown = [.. answer.Records.Select(static record => record.Ttl).Order()];
        double aged = plan.Cache.DontAge ? 0 : Math.Max((age / 1e6) - 1, 0);
        return mayBeStale || shown.Zip(given.Ttls.Order()).All(pair => pair.First <= pair.Second && pair.First <= Math.Max(pair.Second - aged, 0)) ? "" : $"its TTLs are {string.Join(' ', shown.Distinct())} after at least {age / 1e6:F3} s";
    }

    private string ProblemWithStale(ReadMessage answer, GivenAnswer given, bool saysStale, long age, uint most)
    {
        if (plan.StaleFor == 0)
        {
            return $"its time is over, at least {age / 1e6:F3} s after it was kept for {most}";
        }

        if (saysStale != answer.HasOpt)
        {
            return "its time is over, and it does not say so";
        }

        if (saysStale && !answer.Errors().Contains(given.Rcode == Rcode.NXDomain ? StaleNXDomainAnswer : StaleAnswer))
        {
            return "it has the extended error of another outcome";
        }

        if (age > (most + plan.StaleFor + 1) * Second)
        {
            return $"its time has been over for longer than it may be given, kept for {most} and asked for after at least {age / 1e6:F3} s";
        }

        if (world.Now - given.At + (IsLate ? world.StoppedFor : 0) < (most - 1L) * Second)
        {
            return "it says that its time is over, and that is not so";
        }

        return given.IsFailure || (given.IsNegative && !plan.Cache.StaleNegatives) ? "it is none that may be given after its time"
            : answer.Records.Exists(record => record.Ttl != plan.Cache.StaleTtl) ? "it has not the TTL of what is given after its time"
            : "";
    }

    /// <summary>Whether a shard may take it to be as early as it was before the process stood still.</summary>
    private bool IsLate => world.Shards.Any(static shard => shard.Ring.ReadsClockLate);

    /// <summary>Seconds that an answer may be kept.</summary>
    private uint Lifetime(GivenAnswer given) => given.IsFailure ? plan.Cache.TemporaryFailureTtl
        : Math.Min(given.Ttls.Min(), given.IsNegative ? plan.Cache.MaxNegativeTtl : plan.Cache.MaxTtl);

    private static uint AddressOf(SimQuery query)
    {
        SocketAddress client = query.Client;
        return BinaryPrimitives.ReadUInt32BigEndian(client.AddressBytes);
    }

    private static byte[] Bytes(ulong cookie)
    {
        var bytes = new byte[8];
        BinaryPrimitives.WriteUInt64BigEndian(bytes, cookie);
        return bytes;
    }
}
