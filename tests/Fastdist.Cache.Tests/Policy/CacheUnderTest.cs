using System;
using System.Globalization;
using System.Net;
using Fastdist.Cache.Tests.Answers;
using Fastdist.Dns;
using Fastdist.Settings;

namespace Fastdist.Cache.Tests.Policy;

/// <summary>A cache with two shards' ways into it, and a clock that stands still unless it is moved.</summary>
internal sealed class CacheUnderTest : IDisposable
{
    internal const uint Start = 1_000_000;
    internal const int PayloadSize = 1232;
    private const int Seed = 7;
    private readonly byte[] _room = new byte[ushort.MaxValue];
    private readonly ShardCache[] _shards;

    internal CacheUnderTest(CacheOptions? options = null)
    {
        Cache = new PacketCache(options ?? Many, 2);
        _shards = [new ShardCache(Cache, 0, new Random(Seed)), new ShardCache(Cache, 1, new Random(Seed))];
    }

    internal static CacheOptions Many { get; } = new() { MaxEntries = 10_000 };

    internal PacketCache Cache { get; }

    internal uint Now { get; set; } = Start;

    internal uint StaleFor { get; set; }

    internal ShardCache this[int shard] => _shards[shard];

    /// <summary>A record of example.com with an address, whose TTL is the one that counts in most tests.</summary>
    internal static string Address(uint ttl, string address = "C0000201") => $"C00C 0001 0001 {ttl:X8} 0004 {address} ";

    internal static string Soa(uint ttl, int serial = 1) => $"C00C 0006 0001 {ttl:X8} 0016 00 00 {serial:X8} 00000002 00000003 00000004 00000005 ";

    /// <summary>An answer as who asked by <see cref="One.Query"/> gets it.</summary>
    internal static byte[] ToClient(byte[] answer) => [0x12, 0x34, .. answer[2..]];

    internal static byte[] Positive(uint ttl) => One.Answer(Address(ttl));

    internal static byte[] NameError(uint ttl) => One.Answer("", Soa(ttl), flags: "8183");

    internal static byte[] NoData(uint ttl) => One.Answer("", Soa(ttl));

    internal static byte[] Failure(int rcode) => One.Answer("", flags: $"818{rcode:X}");

    internal bool Keep(byte[] query, byte[] answer, Told? told = null, int scope = 0, uint failureTtl = uint.MaxValue, bool isOptOurs = false, int shard = 0)
    {
        Query.Parse(query, out Query read);
        ClientNetwork network = Told.NetworkOf(told);
        var terms = new KeepTerms { Now = Now, Scope = scope, FailureTtl = failureTtl, IsOptOurs = isOptOurs, StaleFor = StaleFor };
        return _shards[shard].Keep(in read, in network, answer, in terms);
    }

    internal Outcome Find(byte[] query, Told? told = null, bool takesStale = false, bool isOptOurs = false, bool wantsWhole = false, int shard = 0)
    {
        Query.Parse(query, out Query read);
        ClientNetwork network = Told.NetworkOf(told);
        var terms = new LookTerms
        {
            Now = Now,
            PayloadSize = PayloadSize,
            StaleFor = StaleFor,
            IsOptOurs = isOptOurs,
            TakesStale = takesStale,
            WantsWhole = wantsWhole,
        };
        Look look = _shards[shard].Find(in read, in network, in terms, _room, out FoundAnswer found);
        return new Outcome(look, _room[..found.Length], found.IsStale, found.MustRefresh);
    }

    /// <summary>How a look ends some seconds from now.</summary>
    internal Look LookAfter(uint seconds, byte[] query, Told? told = null)
    {
        Now += seconds;
        Look look = Find(query, told).Look;
        Now -= seconds;
        return look;
    }

    public void Dispose() => Cache.Dispose();
}

/// <summary>How a look ended.</summary>
internal sealed record Outcome(Look Look, byte[] Answer, bool IsStale, bool MustRefresh);

/// <summary>A network that a backend is told.</summary>
internal sealed record Told(byte[] Address, int Prefix, bool IsOurs)
{
    internal static Told Hidden { get; } = new(new byte[4], 0, true);

    /// <summary>One as operators write it.</summary>
    internal static Told Of(string text, bool isOurs = true)
    {
        string[] parts = text.Split('/');
        return new Told(IPAddress.Parse(parts[0]).GetAddressBytes(), int.Parse(parts[1], CultureInfo.InvariantCulture), isOurs);
    }

    internal static ClientNetwork NetworkOf(Told? told) => told is null ? ClientNetwork.Untold : ClientNetwork.Of(told.Address, told.Prefix, told.IsOurs);
}
