using System;
using System.Text;
using BenchmarkDotNet.Attributes;
using Fastdist.Dns;
using Fastdist.Rules.Addresses;
using Fastdist.Rules.Blocks;
using SocketAddress = Fastdist.Ring.SocketAddress;

namespace Fastdist.Benchmarks;

/// <summary>Whether a client or a name is blocked, while so many are.</summary>
public class BlockLookups
{
    private const int Drawn = 1 << 16;
    private static readonly byte[] s_name = [3, .. "www"u8, 5, .. "other"u8, 7, .. "example"u8, 0];

    private BlockSnapshot _snapshot = BlockSnapshot.Empty;
    private SocketAddress[] _blocked = [];
    private SocketAddress[] _others = [];
    private int _next;

    [Params(10, 1_000, 100_000)]
    public int Blocks { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        var table = new BlockTable();
        var masks = new AddressMasks(32, 128);
        for (uint i = 0; i < Blocks; i++)
        {
            table.Add(BlockedRange.Of(ManyClients.Numbered(i), masks), new BlockTerms("flood", 60), 0);
            if (DomainName.TryParse(Encoding.ASCII.GetBytes($"n{i}.example"), out DomainName? name))
            {
                table.Add(name, new BlockTerms("flood", 60), 0);
            }
        }

        _snapshot = table.Snapshot();
        _blocked = ManyClients.Draw(Drawn, Blocks);
        _others = new SocketAddress[Drawn];
        for (uint i = 0; i < Drawn; i++)
        {
            _others[i] = ManyClients.Numbered(1_000_000 + i);
        }
    }

    [Benchmark]
    public Block? Innocent() => _snapshot.Find(_others[_next++ & (Drawn - 1)], 1);

    [Benchmark]
    public Block? Blocked() => _snapshot.Find(_blocked[_next++ & (Drawn - 1)], 1);

    [Benchmark]
    public Block? Name() => _snapshot.Find(s_name.AsSpan(), 1);
}
