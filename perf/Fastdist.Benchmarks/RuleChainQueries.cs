using System;
using System.Collections.Generic;
using System.Linq;
using System.Net;
using System.Text;
using BenchmarkDotNet.Attributes;
using Fastdist.Dns;
using Fastdist.Rules.Actions;
using Fastdist.Rules.Chains;
using Fastdist.Rules.Patterns;
using Fastdist.Rules.Selectors;
using Fastdist.Settings;
using Fastdist.Settings.Rules;
using SocketAddress = Fastdist.Ring.SocketAddress;

namespace Fastdist.Benchmarks;

/// <summary>A query asked of a chain of which no rule matches, so that all of them are looked at.</summary>
public class RuleChainQueries
{
    private static readonly byte[] s_query = SampleMessages.QueryWithEdns();

    private readonly SocketAddress _client = SocketAddress.From(new IPEndPoint(IPAddress.Parse("198.51.100.77"), 40000));
    private readonly SocketAddress _local = SocketAddress.From(new IPEndPoint(IPAddress.Loopback, 53));
    private ChainRunner _runner = null!;
    private int _questionEnd;
    private int _found;

    /// <summary>What the chain is made of.</summary>
    [Params("none", "10 mixed", "100 mixed", "1000 suffix rules", "10 suffixes", "1000 suffixes", "100000 suffixes", "200 netmasks", "100000 netmasks")]
    public string Chain { get; set; } = "none";

    [GlobalSetup]
    public void Setup()
    {
        Query.TryFindQuestion(s_query, out _questionEnd);
        Rule[] rules = [.. SelectorsOf(Chain).Select(static selector => new Rule(selector, new DropAction()))];
        Array.ForEach(rules, static rule => rule.Hits.Prepare(1));
        _runner = new ChainRunner(CompiledChain.Compile(rules, static _ => -1), new ShardRules(0, new Random(1)));
    }

    [Benchmark]
    public void Ask()
    {
        var subject = new Subject(s_query, _questionEnd, Transport.Udp, in _client, in _local) { DnssecOk = true };
        _runner.Begin();
        _found += _runner.Find(in subject, 0);
    }

    private static IEnumerable<Selector> SelectorsOf(string chain) => chain switch
    {
        "none" => [],
        "10 mixed" => Enumerable.Range(0, 10).Select(Mixed),
        "100 mixed" => Enumerable.Range(0, 100).Select(Mixed),
        "1000 suffix rules" => Enumerable.Range(0, 1000).Select(static number => Suffixes(number, 1)),
        "200 netmasks" => [Netmasks(200)],
        "100000 netmasks" => [Netmasks(100_000)],
        _ => [Suffixes(0, int.Parse(chain[..chain.IndexOf(' ', StringComparison.Ordinal)], System.Globalization.CultureInfo.InvariantCulture))],
    };

    /// <summary>Rules as configurations have them: by name, network, type, pattern, and some together.</summary>
    private static Selector Mixed(int number) => (number % 8) switch
    {
        0 or 1 => Suffixes(number, 3),
        2 => new NameSelector(Name($"host{number}.example.net")),
        3 => Netmasks(number + 1),
        4 => new AndSelector([new TypeSelector(RecordType.ANY), new NotSelector(new StreamSelector(isStream: true))]),
        5 => new OrSelector([new TypeSelector((RecordType)(1000 + number)), new OpcodeSelector(Opcode.Notify)]),
        6 => new TagSelector($"tag{number}", null),
        _ => new NamePatternSelector(Pattern.TryParse($"^ad[0-9]+\\.cdn{number}\\.", PatternSyntax.PosixExtended, out Pattern? pattern, out string error) ? pattern : throw new InvalidOperationException(error)),
    };

    private static SuffixSelector Suffixes(int first, int count)
    {
        var names = new SuffixSet();
        for (int number = first; number < first + count; number++)
        {
            names.Add(Name($"s{number}.bench.example"));
        }

        return new SuffixSelector(names);
    }

    private static NetmaskSelector Netmasks(int count)
    {
        var group = new NetmaskGroup();
        for (int number = 0; number < count; number++)
        {
            group.Add(new IPNetwork(new IPAddress([10, (byte)(number >> 12), (byte)(number >> 4), (byte)(number << 4)]), 28), isIn: true);
        }

        return new NetmaskSelector(group);
    }

    private static DomainName Name(string text) => DomainName.TryParse(Encoding.ASCII.GetBytes(text), out DomainName? name) ? name : throw new FormatException(text);
}
