using System;
using System.Collections.Generic;
using System.Linq;
using System.Net;
using System.Text.RegularExpressions;
using Fastdist.Dns;
using Fastdist.Rules.Patterns;
using Fastdist.Rules.Selectors;
using Fastdist.Settings;
using Fastdist.Settings.Rules;
using SocketAddress = Fastdist.Ring.SocketAddress;

namespace Fastdist.Rules.Tests.Chains;

/// <summary>Says what rules match by asking one after the other, by what samples say and not by their bytes.</summary>
internal static class Naive
{
    /// <summary>The first of rules that matches; -1 for none.</summary>
    public static int Find(IReadOnlyList<Rule> rules, Sample sample, int from)
    {
        for (int rule = from; rule < rules.Count; rule++)
        {
            if (Matches(rules[rule].Selector, sample))
            {
                return rule;
            }
        }

        return -1;
    }

    /// <summary>Whether a selector matches.</summary>
    public static bool Matches(Selector selector, Sample sample) => selector switch
    {
        AllSelector => true,
        AndSelector and => and.Parts.All(part => Matches(part, sample)),
        OrSelector or => or.Parts.Any(part => Matches(part, sample)),
        NotSelector not => !Matches(not.Part, sample),
        NameSelector name => name.Name.Equals(sample.Name),
        SuffixSelector suffixes => suffixes.Suffixes.All.Any(sample.Name.IsPartOf),
        NameSetSelector names => names.Names.All.Any(sample.Name.Equals),
        LabelCountSelector count => sample.Name.LabelCount < count.Least || sample.Name.LabelCount > count.Most,
        WireLengthSelector length => sample.Name.Wire.Length < length.Least || sample.Name.Wire.Length > length.Most,
        NamePatternSelector pattern => Matches(pattern.Pattern, $"{sample.Name}".TrimEnd('.')),
        _ => MatchesMessage(selector, sample),
    };

    private static bool MatchesMessage(Selector selector, Sample sample) => selector switch
    {
        TypeSelector type => type.Type == sample.Type,
        ClassSelector number => number.Number == sample.Class,
        OpcodeSelector opcode => opcode.Opcode == sample.Opcode,
        RecursionDesiredSelector => sample.RecursionDesired,
        DnssecSelector => sample.CheckingDisabled || (!sample.IsAnswer && sample.Options is not null && sample.DnssecOk),
        EdnsVersionSelector version => sample.ShowsOpt && sample.Version > version.Version,
        EdnsOptionSelector option => sample.ShowsOpt && sample.Options!.Contains(option.Code),
        RcodeSelector rcode => rcode.Rcode == sample.Rcode,
        ExtendedRcodeSelector rcode => sample.Options is not null && rcode.Rcode == (sample.UpperRcode << 4) + sample.Rcode,
        RecordsCountSelector count => IsWithin(CountOf(sample, count.Section, null), count.Least, count.Most),
        RecordsTypeCountSelector count => CountOf(sample, count.Section, null) >= count.Least && IsWithin(CountOf(sample, count.Section, count.Type), count.Least, count.Most),
        PayloadSizeSelector size => Compare(size.Comparison, sample.Size, size.Size),
        TrailingDataSelector => sample.Behind.Length > 0,
        _ => MatchesOrigin(selector, sample),
    };

    private static bool MatchesOrigin(Selector selector, Sample sample) => selector switch
    {
        StreamSelector stream => stream.IsStream == (sample.Transport != Transport.Udp),
        TransportSelector transport => transport.Transport == sample.Transport,
        DestinationPortSelector port => port.Port == sample.Local.Port,
        ServerNameSelector name => name.Bytes.SequenceEqual(sample.ServerName),
        GroupSelector group => IsIn(group.Networks, group.IsSource ? AddressOf(sample.Client) : sample.Asked.Length > 0 ? new IPAddress(sample.Asked) : AddressOf(sample.Local)),
        TagSelector tag => sample.Tags.Any(each => each.Name == tag.Name && (tag.Value is null || tag.Value == each.Value)),
        HttpPathSelector or HttpPathPatternSelector or HttpHeaderSelector => false,
        _ => throw new ArgumentException($"{selector}", nameof(selector)),
    };

    private static bool IsIn(IEnumerable<(IPNetwork Network, bool IsIn)> networks, IPAddress address) =>
        networks.Where(entry => entry.Network.Contains(address)).OrderByDescending(entry => entry.Network.PrefixLength).FirstOrDefault().IsIn;

    private static IPAddress AddressOf(in SocketAddress address) => address.ToEndPoint().Address;

    private static int CountOf(Sample sample, int section, RecordType? type) => section switch
    {
        0 => type is null || type == sample.Type ? 1 : 0,
        1 => sample.Answers.Count(each => type is null || each == type),
        2 => 0,
        _ => sample.Options is not null && type is null or RecordType.OPT ? 1 : 0,
    };

    private static bool IsWithin(int value, int least, int most) => least <= value && value <= most;

    private static bool Compare(Comparison comparison, int left, int right) => comparison switch
    {
        Comparison.Equal => left == right,
        Comparison.Greater => left > right,
        Comparison.GreaterOrEqual => left >= right,
        Comparison.Smaller => left < right,
        Comparison.SmallerOrEqual => left <= right,
        _ => throw new ArgumentOutOfRangeException(nameof(comparison)),
    };

    private static bool Matches(Pattern pattern, string text) => pattern.Syntax == PatternSyntax.Re2
        ? Regex.IsMatch(text, $"\\A(?:{pattern.Text})\\z", RegexOptions.CultureInvariant)
        : Regex.IsMatch(text, pattern.Text, RegexOptions.IgnoreCase | RegexOptions.CultureInvariant);
}

/// <summary>Networks of which the naive reader sees what the compiled form was made of.</summary>
internal sealed class GroupSelector(NetmaskGroup group, bool isSource) : Selector
{
    public IEnumerable<(IPNetwork Network, bool IsIn)> Networks => group.Networks;

    public bool IsSource => isSource;

    /// <summary>What is compiled in its place.</summary>
    public Selector Compiled => new NetmaskSelector(group, isSource);

    public override string ToString() => $"{group}";
}
