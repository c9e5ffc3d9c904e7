using System;
using System.Collections.Generic;
using System.Linq;
using System.Net;
using Fastdist.Dns;
using Fastdist.Rules.Patterns;
using Fastdist.Rules.Selectors;
using Fastdist.Settings;
using Fastdist.Settings.Rules;

namespace Fastdist.Rules.Tests.Chains;

/// <summary>Draws selectors and samples of few values, so that they meet often.</summary>
/// <param name="random">What decides.</param>
internal sealed class Drawing(Random random)
{
    private static readonly string[] s_labels = ["a", "A", "b", "cc", "d"];
    private static readonly RecordType[] s_types = [RecordType.A, RecordType.AAAA, RecordType.TXT, RecordType.ANY];
    private static readonly string[] s_addresses = ["10.0.0.1", "10.1.0.1", "10.1.2.3", "192.0.2.1", "2001:db8::1", "2001:db8:1::1"];
    private static readonly string[] s_networks = ["0.0.0.0/0", "10.0.0.0/8", "10.1.0.0/16", "10.1.2.0/24", "10.1.2.3/32", "2001:db8::/32", "2001:db8:1::/48", "::/0"];
    private static readonly string[] s_patterns = ["^a", "cc", "b$", "a\\.b", "^(a|b)(\\.cc)*$", "[a-c]\\.d"];
    private static readonly ushort[] s_options = [3, 8, 10, 65001];

    /// <summary>A chain.</summary>
    public List<Selector> Chain(int most) => [.. Enumerable.Range(0, random.Next(most + 1)).Select(_ => Selector(depth: random.Next(4)))];

    /// <summary>A selector without state.</summary>
    public Selector Selector(int depth) => (depth == 0 ? 3 : random.Next(8)) switch
    {
        0 => new AndSelector(Parts(depth)),
        1 => new OrSelector(Parts(depth)),
        2 => new NotSelector(Selector(depth - 1)),
        // Names are what chains are compiled by, so they are drawn most.
        3 or 4 or 5 => OfName(),
        6 => OfMessage(),
        _ => OfOrigin(),
    };

    /// <summary>A query or an answer.</summary>
    public Sample Sample()
    {
        bool isAnswer = random.Next(3) == 0;
        return new Sample
        {
            Name = Name(),
            Type = One(s_types),
            Class = One<ushort>(1, 3),
            Opcode = One(Opcode.Query, Opcode.Query, Opcode.Notify, Opcode.Update),
            RecursionDesired = Coin(),
            CheckingDisabled = Coin(),
            IsAnswer = isAnswer,
            Rcode = isAnswer ? One<byte>(0, 2, 3) : (byte)0,
            Answers = [.. Enumerable.Range(0, isAnswer || random.Next(8) == 0 ? random.Next(4) : 0).Select(_ => One(s_types))],
            Options = Coin() ? [.. Enumerable.Range(0, random.Next(3)).Select(_ => One(s_options))] : null,
            Version = One<byte>(0, 0, 1),
            UpperRcode = isAnswer ? One<byte>(0, 1) : (byte)0,
            DnssecOk = Coin(),
            Behind = random.Next(8) == 0 ? [1, 2, 3] : [],
            Transport = One(Transport.Udp, Transport.Tcp, Transport.Tls, Transport.Https),
            Client = Clients.Of(One(s_addresses), 40000),
            Local = Clients.Of(One(s_addresses), One(53, 853)),
            Asked = Coin() ? [] : IPAddress.Parse(One(s_addresses)).GetAddressBytes(),
            ServerName = One<byte[]>([], [.. "a"u8], [.. "dns.example"u8]),
            Tags = One<(string, string)[]>([], [("a", "1")], [("a", "2"), ("b", "")]),
        };
    }

    private Selector OfName() => random.Next(12) switch
    {
        0 => new AllSelector(),
        1 or 2 or 3 => new NameSelector(Name()),
        4 or 5 or 6 => Suffixes(random.Next(3)),
        7 => Suffixes(70 + random.Next(10)),
        8 => Names(random.Next(3)),
        9 => Names(70 + random.Next(10)),
        10 => Coin() ? new LabelCountSelector(random.Next(3), random.Next(6)) : new WireLengthSelector(random.Next(6), random.Next(12)),
        _ => new NamePatternSelector(Pattern()),
    };

    private Selector OfMessage() => random.Next(12) switch
    {
        0 => new TypeSelector(One(s_types)),
        1 => new ClassSelector(One<ushort>(1, 3)),
        2 => new OpcodeSelector(One(Opcode.Query, Opcode.Notify, Opcode.Update)),
        3 => Coin() ? new RecursionDesiredSelector() : new DnssecSelector(),
        4 => new EdnsVersionSelector(One<byte>(0, 1)),
        5 => new EdnsOptionSelector(One(s_options)),
        6 => new RcodeSelector(One<byte>(0, 2, 3)),
        7 => new ExtendedRcodeSelector(One<ushort>(0, 2, 16, 19)),
        8 => new RecordsCountSelector(random.Next(4), random.Next(3), random.Next(4)),
        9 => new RecordsTypeCountSelector(random.Next(4), One([.. s_types, RecordType.OPT]), random.Next(3), random.Next(4)),
        10 => new PayloadSizeSelector(One(Enum.GetValues<Comparison>()), random.Next(20, 60)),
        _ => new TrailingDataSelector(),
    };

    private Selector OfOrigin() => random.Next(6) switch
    {
        0 => new StreamSelector(Coin()),
        1 => new TransportSelector(One(Enum.GetValues<Transport>()), "any"),
        2 => new DestinationPortSelector(One<ushort>(53, 853)),
        3 => new ServerNameSelector(One("", "a", "dns.example")),
        4 => new TagSelector(One("a", "b", "c"), One(null, "1", "")),
        _ => Group(),
    };

    private GroupSelector Group()
    {
        var group = new NetmaskGroup();
        foreach (string network in s_networks.Where(_ => random.Next(3) == 0))
        {
            group.Add(IPNetwork.Parse(network), isIn: random.Next(3) > 0);
        }

        return new GroupSelector(group, isSource: Coin());
    }

    private Selector[] Parts(int depth) => [.. Enumerable.Range(0, random.Next(4)).Select(_ => Selector(depth - 1))];

    private SuffixSelector Suffixes(int count)
    {
        var set = new SuffixSet();
        for (int left = count; left > 0; left--)
        {
            set.Add(Name());
        }

        Fill(count, name => set.Add(name));
        return new SuffixSelector(set);
    }

    private NameSetSelector Names(int count)
    {
        var set = new NameSet();
        for (int left = count; left > 0; left--)
        {
            set.Add(Name());
        }

        Fill(count, name => set.Add(name));
        return new NameSetSelector(set);
    }

    /// <summary>Sets that are looked up by themselves are large: names nobody asks for make them so.</summary>
    private static void Fill(int count, Action<DomainName> add)
    {
        for (int left = count < 64 ? 0 : 70; left > 0; left--)
        {
            add(Chains.Sample.NameOf($"n{left}.nowhere"));
        }
    }

    private DomainName Name() => Chains.Sample.NameOf(string.Join('.', Enumerable.Range(0, random.Next(5)).Select(_ => One(s_labels))));

    private Pattern Pattern() =>
        Rules.Patterns.Pattern.TryParse(One(s_patterns), One(PatternSyntax.PosixExtended, PatternSyntax.Re2), out Pattern? pattern, out string error) ? pattern : throw new FormatException(error);

    private bool Coin() => random.Next(2) == 0;

    private T One<T>(params T[] values) => values[random.Next(values.Length)];
}
