using System;
using Fastdist.Cache.Answers;
using Fastdist.Dns;
using Fastdist.Settings;
using Fastdist.Shared;
using Xunit;

namespace Fastdist.Cache.Tests.Answers;

public class AnswerAllocationTests
{
    private readonly byte[] _query = One.Query("FDE9 0001 61" + One.Subnet);
    private readonly byte[] _answer = One.Answer(One.Address + One.OtherAddress, options: "000F 0002 0003" + One.Subnet);
    private readonly byte[] _key = new byte[CacheKey.MaxSize];
    private readonly byte[] _form = new byte[2048];
    private readonly byte[] _list = new byte[ScopeList.MaxSize];
    private readonly byte[] _restored = new byte[2048];
    private readonly CacheOptions _options = new() { MaxEntries = 1 };
    private readonly Random _random = new(1);
    private ulong _sum;

    [Fact]
    public void A_look_and_an_insertion_allocate_nothing()
    {
        Allocations.AssertNone(() => Pass(1000));
        Assert.NotEqual(0u, _sum);
    }

    private void Pass(int rounds)
    {
        Span<byte> address = stackalloc byte[16];
        Span<byte> lengths = stackalloc byte[ScopeList.MaxLengths];
        for (int round = 0; round < rounds; round++)
        {
            Query.Parse(_query, out Query query);
            int length = CacheKey.Write(in query, One.Rules, _key);
            bool isTold = CacheKey.TryReadNetwork(in query, address, out int addressLength, out int prefix);
            length = CacheKey.AddNetwork(_key, length, isTold ? NetworkKind.One : NetworkKind.Any, address[..addressLength], prefix);
            ulong hash = SipHash.Hash(_key.AsSpan(0, length), 1, 2);
            bool isKept = KeptAnswer.TryWrite(_answer, _form, out int size, out AnswerFacts facts) && CacheKey.IsAbout(_key, _answer) && SubnetOption.TryReadScope(_answer, address[..addressLength], prefix, out _);
            Lifetime.Of(in facts, _options, uint.MaxValue, out uint seconds);
            int listLength = 0;
            ScopeList.TryAdd(_list, ref listLength, addressLength, prefix, hash, seconds, 1);
            var traits = new RestoreTraits { Age = 1, FixedTtl = uint.MaxValue, PayloadSize = 1232, IsStale = true, Shuffle = _random };
            int restored = KeptAnswer.Restore(_form.AsSpan(0, size), in query, in traits, _restored);
            _sum += (isKept ? hash : 0) + (ulong)restored + (ulong)ScopeList.Read(_list.AsSpan(0, listLength), addressLength, lengths);
        }
    }
}
