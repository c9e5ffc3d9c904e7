using System;
using System.Collections.Generic;
using System.Linq;
using Fastdist.Dns;
using Fastdist.Ring;
using Fastdist.Rules.Chains;
using Fastdist.Rules.Selectors;

namespace Fastdist.Rules.Tests.Chains;

/// <summary>A query or an answer by what it says, of which its bytes are made.</summary>
internal sealed record Sample
{
    /// <summary>Its name.</summary>
    public DomainName Name { get; init; } = NameOf("www.example.com");

    public RecordType Type { get; init; } = RecordType.A;

    public ushort Class { get; init; } = 1;

    public Opcode Opcode { get; init; }

    public bool RecursionDesired { get; init; }

    public bool CheckingDisabled { get; init; }

    public bool IsAnswer { get; init; }

    /// <summary>The lower four bits of RCODE.</summary>
    public byte Rcode { get; init; }

    /// <summary>Types of the records of its answer section; each has four bytes of data.</summary>
    public RecordType[] Answers { get; init; } = [];

    /// <summary>Codes of the options in its OPT; null for none. Each has one byte of data.</summary>
    public ushort[]? Options { get; init; }

    /// <summary>The OPT's version.</summary>
    public byte Version { get; init; }

    /// <summary>The OPT's bits of RCODE.</summary>
    public byte UpperRcode { get; init; }

    /// <summary>DO in the OPT.</summary>
    public bool DnssecOk { get; init; }

    /// <summary>Bytes behind the last record.</summary>
    public byte[] Behind { get; init; } = [];

    public Transport Transport { get; init; }

    public SocketAddress Client { get; init; } = Clients.Of("192.0.2.1", 40000);

    public SocketAddress Local { get; init; } = Clients.Of("198.51.100.1");

    /// <summary>The address asked where the socket takes several.</summary>
    public byte[] Asked { get; init; } = [];

    /// <summary>The name asked for in TLS.</summary>
    public byte[] ServerName { get; init; } = [];

    /// <summary>The tags on it.</summary>
    public (string Name, string Value)[] Tags { get; init; } = [];

    /// <summary>Microseconds.</summary>
    public long Now { get; init; } = 1L << 40;

    /// <summary>Whether selectors see an OPT: that of a query only where it is the one record.</summary>
    public bool ShowsOpt => Options is not null && (IsAnswer || Answers.Length == 0);

    /// <summary>Its size, bytes.</summary>
    public int Size => Message.Length;

    /// <summary>Its bytes, made anew each time.</summary>
    public byte[] Message => Write();

    public int QuestionEnd => Header.Size + Name.Wire.Length + 4;

    /// <summary>Reads a name.</summary>
    public static DomainName NameOf(string text) =>
        text.Length == 0 ? DomainName.Root : DomainName.TryParse(System.Text.Encoding.Latin1.GetBytes(text), out DomainName? name) ? name : throw new FormatException(text);

    private byte[] Write()
    {
        int flags = ((int)Opcode << 11) | (RecursionDesired ? 0x100 : 0) | (CheckingDisabled ? 0x10 : 0) | (IsAnswer ? 0x8000 : 0) | Rcode;
        byte[] header = [0x12, 0x34, (byte)(flags >> 8), (byte)flags, 0, 1, 0, (byte)Answers.Length, 0, 0, 0, (byte)(Options is null ? 0 : 1)];
        byte[] question = [.. Name.Wire, (byte)((int)Type >> 8), (byte)Type, (byte)(Class >> 8), (byte)Class];
        byte[] records = [.. Answers.SelectMany(static type => (byte[])[0xC0, 12, (byte)((int)type >> 8), (byte)type, 0, 1, 0, 0, 0, 60, 0, 4, 192, 0, 2, 1])];
        byte[] options = [.. (Options ?? []).SelectMany(static code => (byte[])[(byte)(code >> 8), (byte)code, 0, 1, 7])];
        byte[] opt = Options is null ? [] : [0, 0, 41, 4, 208, UpperRcode, Version, (byte)(DnssecOk ? 0x80 : 0), 0, 0, (byte)options.Length, .. options];
        return [.. header, .. question, .. records, .. opt, .. Behind];
    }
}

/// <summary>A chain on one shard.</summary>
internal sealed class TestChain
{
    private readonly ShardRules _shard = new(0, new Random(1));

    public TestChain(params IReadOnlyList<Settings.Rules.Rule> rules)
    {
        Rules = rules;
        foreach (Settings.Rules.Rule rule in rules)
        {
            rule.Hits.Prepare(1);
        }

        Compiled = CompiledChain.Compile(rules, static name => name.Length == 1 ? name[0] - 'a' : -1);
        Runner = new ChainRunner(Compiled, _shard);
    }

    public IReadOnlyList<Settings.Rules.Rule> Rules { get; }

    public CompiledChain Compiled { get; }

    public ChainRunner Runner { get; }

    public ShardRules Shard => _shard;

    /// <summary>Rules that do nothing with what selectors match.</summary>
    public static TestChain Of(params IEnumerable<Settings.Rules.Selector> selectors) =>
        new([.. selectors.Select(static selector => new Settings.Rules.Rule(selector, new Actions.NoneAction()))]);

    /// <summary>Whether a selector matches.</summary>
    public static bool Matches(Settings.Rules.Selector selector, Sample sample) => Of(selector).Find(sample) == 0;

    /// <summary>The first rule that matches; -1 for none.</summary>
    public int Find(Sample sample, int from = 0)
    {
        Runner.Begin();
        return Find(sample, sample.Message, from);
    }

    /// <summary>The rules that match one after another, as when none of them ends the chain.</summary>
    public List<int> FindAll(Sample sample)
    {
        List<int> found = [];
        Runner.Begin();
        for (int rule = Find(sample, sample.Message, 0); rule >= 0; rule = Find(sample, sample.Message, rule + 1))
        {
            found.Add(rule);
        }

        return found;
    }

    /// <summary>The same with other bytes than the sample's.</summary>
    public int Find(Sample sample, ReadOnlySpan<byte> message, int from)
    {
        SocketAddress client = sample.Client, local = sample.Local;
        int tags = 0;
        foreach ((string name, string value) in sample.Tags)
        {
            tags = _shard.Tags.Set(tags, name, value);
        }

        var subject = new Subject(message, sample.QuestionEnd, sample.Transport, in client, in local)
        {
            Asked = sample.Asked,
            DnssecOk = !sample.IsAnswer && sample.Options is not null && sample.DnssecOk,
            IsAnswer = sample.IsAnswer,
            ServerName = sample.ServerName,
            Now = sample.Now,
            Tags = tags,
        };
        int rule = Runner.Find(in subject, from);
        _shard.Tags.Release(tags);
        return rule;
    }
}
