using System;
using System.Collections.Generic;
using Fastdist.Dns;
using Fastdist.Rules.Patterns;
using Fastdist.Rules.Rates;
using Fastdist.Rules.Selectors;
using Fastdist.Settings.Rules;

namespace Fastdist.Rules.Chains;

/// <summary>Makes rows of tests of selectors, from the last rule to the first, so that each target is known when it is needed.</summary>
/// <param name="poolNumbers">The number of the pool of each name that is asked for; -1 where there is none.</param>
internal sealed class SelectorCompiler(Func<string, int> poolNumbers)
{
    /// <summary>Names in a set above which it is looked up by itself, as it would make the others' index long.</summary>
    private const int MostKeyed = 64;

    private readonly List<Test> _tests = [];

    /// <summary>The rows.</summary>
    public List<Test> Tests => _tests;

    /// <summary>Patterns, of which each shard has matchers of its own.</summary>
    public List<Pattern> Patterns { get; } = [];

    /// <summary>Rates of the process, of which each shard has leases of its own.</summary>
    public List<ProcessRate> Rates { get; } = [];

    /// <summary>Selectors with tests of their own, of which each shard has its own.</summary>
    public List<CustomSelector> Customs { get; } = [];

    /// <summary>Rows that test one of few names, with the names; the number of each is its row until all are known.</summary>
    public Dictionary<int, (IReadOnlyList<DomainName> Names, bool IsExact)> Keyed { get; } = [];

    /// <summary>Writes the rows of a selector.</summary>
    /// <param name="selector">The selector.</param>
    /// <param name="yes">Where to go on when it matches.</param>
    /// <param name="no">Where to go on when it does not.</param>
    /// <returns>Where to begin with it.</returns>
    public int Compile(Selector selector, int yes, int no)
    {
        switch (selector)
        {
            case AllSelector:
                return yes;
            case NotSelector not:
                return Compile(not.Part, no, yes);
            case AndSelector and:
                int begin = yes;
                for (int part = and.Parts.Count - 1; part >= 0; part--)
                {
                    begin = Compile(and.Parts[part], begin, no);
                }

                return begin;
            case OrSelector or:
                begin = no;
                for (int part = or.Parts.Count - 1; part >= 0; part--)
                {
                    begin = Compile(or.Parts[part], yes, begin);
                }

                return begin;
            default:
                Test test = RowOf(selector);
                (test.Yes, test.No) = (yes, no);
                _tests.Add(test);
                return _tests.Count - 1;
        }
    }

    private static Test Row(TestKind kind, int a = 0, int b = 0, int c = 0, object? operand = null) => new() { Kind = kind, A = a, B = b, C = c, Operand = operand };

    private Test RowOf(Selector selector) => selector switch
    {
        NameSelector name => KeyedRow([name.Name], isExact: true),
        SuffixSelector suffixes when suffixes.Suffixes.Count <= MostKeyed => KeyedRow([.. suffixes.Suffixes.All], isExact: false),
        SuffixSelector suffixes => Row(TestKind.Suffixes, operand: suffixes.Suffixes),
        NameSetSelector names when names.Names.Count <= MostKeyed => KeyedRow([.. names.Names.All], isExact: true),
        NameSetSelector names => Row(TestKind.NameSet, operand: names.Names),
        LabelCountSelector count => Row(TestKind.LabelCount, count.Least, count.Most),
        WireLengthSelector length => Row(TestKind.WireLength, length.Least, length.Most),
        NamePatternSelector pattern => Row(TestKind.NamePattern, Keep(Patterns, pattern.Pattern)),
        HttpPathSelector or HttpPathPatternSelector or HttpHeaderSelector or ServerNameSelector => RowOfRequest(selector),
        TypeSelector type => Row(TestKind.Type, (int)type.Type),
        ClassSelector number => Row(TestKind.Class, number.Number),
        OpcodeSelector opcode => Row(TestKind.Opcode, (int)opcode.Opcode),
        RecursionDesiredSelector => Row(TestKind.RecursionDesired),
        DnssecSelector => Row(TestKind.Dnssec),
        EdnsVersionSelector version => Row(TestKind.EdnsVersion, version.Version),
        EdnsOptionSelector option => Row(TestKind.EdnsOption, option.Code),
        RcodeSelector rcode => Row(TestKind.Rcode, rcode.Rcode),
        ExtendedRcodeSelector rcode => Row(TestKind.ExtendedRcode, rcode.Rcode),
        RecordsCountSelector count => Row(TestKind.RecordsCount, count.Section, count.Least, count.Most),
        RecordsTypeCountSelector count => Row(TestKind.RecordsTypeCount, (count.Section << 16) | (int)count.Type, count.Least, count.Most),
        PayloadSizeSelector size => Row(TestKind.PayloadSize, (int)size.Comparison, size.Size),
        TrailingDataSelector => Row(TestKind.TrailingData),
        _ => RowOfState(selector),
    };

    private Test RowOfRequest(Selector selector) => selector switch
    {
        ServerNameSelector name => Row(TestKind.ServerName, operand: name.Bytes),
        HttpPathSelector path => Row(TestKind.HttpPath, operand: path.Bytes),
        HttpPathPatternSelector path => Row(TestKind.HttpPathPattern, Keep(Patterns, path.Pattern)),
        HttpHeaderSelector header => Row(TestKind.HttpHeader, Keep(Patterns, header.Pattern), operand: header.Name),
        _ => throw new InvalidOperationException($"no test for {selector.GetType().Name}"),
    };

    private Test RowOfState(Selector selector) => selector switch
    {
        NetmaskSelector networks => Row(networks.IsSource ? TestKind.Source : TestKind.Destination, operand: networks.Networks),
        DestinationPortSelector port => Row(TestKind.DestinationPort, port.Port),
        StreamSelector stream => Row(TestKind.Stream, stream.IsStream ? 1 : 0),
        TransportSelector transport => Row(TestKind.Transport, (int)transport.Transport),
        ClientRateSelector rate => Row(TestKind.ClientRate, operand: rate.Rates),
        RateSelector rate => Row(TestKind.ProcessRate, Keep(Rates, rate.Rate)),
        ProbabilitySelector lot => Row(TestKind.Probability, operand: lot),
        TagSelector tag => Row(TestKind.Tag, operand: tag),
        TimedAddressSelector timed => Row(TestKind.TimedAddresses, operand: timed.Addresses),
        PoolAvailableSelector pool => Row(TestKind.PoolAvailable, poolNumbers(pool.Pool)),
        PoolOutstandingSelector pool => Row(TestKind.PoolOutstanding, poolNumbers(pool.Pool), operand: pool),
        CustomSelector custom => Row(TestKind.Custom, Keep(Customs, custom)),
        _ => throw new InvalidOperationException($"no test for {selector.GetType().Name}"),
    };

    private Test KeyedRow(IReadOnlyList<DomainName> names, bool isExact)
    {
        Keyed.Add(_tests.Count, (names, isExact));
        return Row(TestKind.KeyedName, b: -1);
    }

    private static int Keep<T>(List<T> list, T item)
    {
        int place = list.IndexOf(item);
        if (place < 0)
        {
            list.Add(item);
            place = list.Count - 1;
        }

        return place;
    }
}
