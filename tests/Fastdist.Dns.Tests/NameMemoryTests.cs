using System;
using System.Buffers.Text;
using Fastdist.Fuzz;
using Fastdist.Shared;
using Xunit;

namespace Fastdist.Dns.Tests;

/// <summary>The memory of the process is that of all tests that run at a time, so this one runs alone.</summary>
[CollectionDefinition(nameof(NameMemoryTests), DisableParallelization = true)]
[Collection(nameof(NameMemoryTests))]
public class NameMemoryTests
{
    [Fact]
    public void A_million_suffixes_take_less_than_fifty_bytes_each_and_are_found_without_allocating()
    {
        const int Most = 1_000_000;
        long before = GC.GetTotalMemory(forceFullCollection: true);
        var set = new SuffixSet();
        Span<byte> text = stackalloc byte[32];
        for (int i = 0; i < Most; i++)
        {
            Assert.True(Utf8Formatter.TryFormat(i, text, out int digits));
            ".example.com"u8.CopyTo(text[digits..]);
            Assert.True(DomainName.TryParse(text[..(digits + 12)], out DomainName? name));
            set.Add(name);
        }

        Assert.Equal(Most, set.Count);
        Assert.InRange(GC.GetTotalMemory(forceFullCollection: true) - before, 0, 50L * Most);

        byte[] known = Hex.Name("www.123456.EXAMPLE.com"), unknown = Hex.Name("www.1000000.example.com");
        SuffixSet snapshot = set.Snapshot();
        Allocations.AssertNone(() =>
        {
            for (int i = 0; i < 1000; i++)
            {
                Assert.True(snapshot.Matches(known));
                Assert.False(snapshot.Matches(unknown));
            }
        });
    }
}
