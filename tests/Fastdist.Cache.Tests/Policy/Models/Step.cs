using System;
using CsCheck;
using Fastdist.Cache.Tests.Answers;
using Fastdist.Dns;
using Fastdist.Fuzz;

namespace Fastdist.Cache.Tests.Policy.Models;

/// <summary>What is done to a cache, and to its model.</summary>
internal enum Deed
{
    Find,
    FindStale,
    Keep,
    Wait,
    ExpungeByName,
    PurgeExpired,
    ExpungeAll,
}

/// <summary>What an answer of a model's backend is.</summary>
internal enum Content
{
    Positive,
    NameError,
    NoData,
    Cut,
    Failure,
    Refusal,
}

/// <summary>One step of a random history.</summary>
internal sealed record Step(Deed Deed, int Name, int Type, int Traits, int Network, int Scope, Content Content, uint Ttl, int Serial)
{
    private static readonly string[] s_names =
        ["03 636F6D 00 ", "01 61 03 636F6D 00 ", "01 62 01 61 03 636F6D 00 ", "02 7861 03 636F6D 00 "];

    private static readonly string[] s_types = ["0001", "001C"];

    private static readonly Deed[] s_deeds =
    [
        Deed.Find, Deed.Find, Deed.Find, Deed.Find, Deed.FindStale, Deed.FindStale, Deed.Keep, Deed.Keep, Deed.Keep, Deed.Keep, Deed.Keep, Deed.Wait, Deed.Wait,
        Deed.ExpungeByName, Deed.PurgeExpired, Deed.ExpungeAll,
    ];

    // Of few prefix lengths, so that lists of them are never full, and of networks that lie in one another.
    private static readonly Told?[] s_networks =
    [
        null, Told.Hidden, Told.Of("10.1.1.0/24"), Told.Of("10.1.2.0/24"), Told.Of("10.1.0.0/16"), Told.Of("10.2.1.0/24"), Told.Of("2001:db8::/48"), Told.Of("2001:db8:1::/48"),
    ];

    private static readonly int[] s_scopes = [0, 0, 8, 16, 24, 48, KeepTerms.Unsaid, KeepTerms.Unsound];

    internal static Gen<Step> Any { get; } = Gen.Select(
        Gen.Select(Gen.Int[0, s_deeds.Length - 1], Gen.Int[0, s_names.Length - 1], Gen.Int[0, 1], Gen.Int[0, 4]),
        Gen.Select(Gen.Int[0, s_networks.Length - 1], Gen.Int[0, s_scopes.Length - 1], Gen.Enum<Content>(), Gen.UInt[0, 40], Gen.Int[0, 1_000_000]),
        static (what, how) => new Step(s_deeds[what.Item1], what.Item2, what.Item3, what.Item4, how.Item1, s_scopes[how.Item2], how.Item3, how.Item4, how.Item5));

    internal Told? Told => s_networks[Network];

    /// <summary>What tells the question apart from others.</summary>
    internal (int Name, int Type, int Traits) Question => (Name, Type, Traits);

    internal DomainName DomainName => DomainName.TryRead(Hex.Bytes(s_names[Name]), out DomainName? name) ? name : throw new InvalidOperationException("the name is sound");

    internal RecordType RecordType => Type == 0 ? RecordType.A : RecordType.AAAA;

    /// <summary>Whether one of the names is that of the step or, where suffixes are meant, lies below it.</summary>
    internal bool Means(int name, bool isSuffix) => name == Name || (isSuffix && (Name == 0 || (Name == 1 && name == 2)));

    /// <summary>The step's query: plain, without RD, with CD, with OPT, with DO.</summary>
    internal byte[] Query() =>
        One.Query(Traits >= 3 ? "" : null, Traits switch { 1 => "0000", 2 => "0110", _ => "0100" }, QuestionText, Traits == 4 ? "8000" : "0000");

    /// <summary>What a backend answers, or a client gets after some time.</summary>
    /// <param name="ttl">TTL of one record; another one has a longer one.</param>
    /// <param name="longer">That of the other.</param>
    internal byte[] Answer(uint ttl, uint longer)
    {
        string address = CacheUnderTest.Address(longer, $"{Serial:X8}");
        string soa = CacheUnderTest.Soa(ttl, Serial);
        int upper = Traits == 1 ? 0x80 : 0x81;
        int lower = (Traits == 2 ? 0x90 : 0x80) | Rcode;
        string flags = $"{upper | (Content == Content.Cut ? 2 : 0):X2}{lower:X2}";
        bool isNegative = Content is Content.NameError or Content.NoData;
        return One.Answer(isNegative ? "" : CacheUnderTest.Address(ttl) + address, isNegative ? soa : "", isNegative ? address : "", flags: flags, question: QuestionText);
    }

    private int Rcode => Content switch
    {
        Content.NameError => 3,
        Content.Failure => 2,
        Content.Refusal => 5,
        _ => 0,
    };

    private string QuestionText => s_names[Name] + s_types[Type] + " 0001 ";
}
