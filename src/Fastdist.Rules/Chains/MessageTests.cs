using System;
using Fastdist.Dns;
using Fastdist.Ring;
using Fastdist.Rules.Selectors;
using Fastdist.Settings;

namespace Fastdist.Rules.Chains;

/// <summary>Tests that go by nothing but what is tested.</summary>
internal static class MessageTests
{
    /// <summary>Most bytes of a name's text: each of its bytes may be written as a backslash and three digits.</summary>
    public const int MostNameText = Names.MaxTextLength;

    /// <summary>Whether a test holds.</summary>
    public static bool Holds(in Test test, in Subject subject) => test.Kind switch
    {
        TestKind.Suffixes => ((SuffixSet)test.Operand!).Matches(subject.Name),
        TestKind.NameSet => ((NameSet)test.Operand!).Contains(subject.Name),
        TestKind.LabelCount => IsOutside(Names.CountLabels(subject.Name), in test),
        TestKind.WireLength => IsOutside(subject.Name.Length, in test),
        TestKind.Type => (int)subject.Type == test.A,
        TestKind.Class => subject.Class == test.A,
        TestKind.Opcode => (int)Header.Opcode(subject.Message) == test.A,
        TestKind.RecursionDesired => Header.RecursionDesired(subject.Message),
        TestKind.Dnssec => subject.DnssecOk || Header.CheckingDisabled(subject.Message),
        TestKind.Rcode => (int)Header.Rcode(subject.Message) == test.A,
        TestKind.PayloadSize => Compare((Comparison)test.A, subject.Message.Length, test.B),
        TestKind.Source => ((NetmaskRanges)test.Operand!).Contains(in subject.Client),
        TestKind.Destination => IsAsked((NetmaskRanges)test.Operand!, subject.Local),
        TestKind.DestinationPort => subject.LocalPort == test.A,
        TestKind.Stream => subject.Transport != Transport.Udp == (test.A == 1),
        TestKind.Transport => (int)subject.Transport == test.A,
        TestKind.ServerName => subject.ServerName.SequenceEqual((byte[])test.Operand!),
        TestKind.HttpPath => subject.HasRequest && subject.Path.SequenceEqual((byte[])test.Operand!),
        _ => HoldsOfRecords(in test, in subject),
    };

    /// <summary>Writes a name as its text without the final dot; that of the root is empty.</summary>
    /// <returns>How long it is.</returns>
    public static int WriteName(ReadOnlySpan<byte> name, Span<byte> text) => Math.Max(Names.Format(name, text, isLower: false), 0);

    private static bool HoldsOfRecords(in Test test, in Subject subject) => test.Kind switch
    {
        TestKind.EdnsVersion => MessageFacts.TryReadEdnsVersion(subject.Message, out byte version) && version > test.A,
        TestKind.EdnsOption => MessageFacts.HasOption(subject.Message, (EdnsOption)test.A),
        TestKind.ExtendedRcode => MessageFacts.TryReadExtendedRcode(subject.Message, out int rcode) && rcode == test.A,
        TestKind.RecordsCount => !IsOutside(MessageFacts.CountOf(subject.Message, (MessageSection)test.A), test.B, test.C),
        TestKind.RecordsTypeCount => HasRecords(in test, subject.Message),
        TestKind.TrailingData => MessageFacts.HasTrailingBytes(subject.Message),
        _ => false,
    };

    private static bool HasRecords(in Test test, ReadOnlySpan<byte> message)
    {
        var section = (MessageSection)(test.A >> 16);
        return MessageFacts.CountOf(message, section) >= test.B
            && MessageFacts.TryCountRecords(message, section, (RecordType)(test.A & ushort.MaxValue), out int count) && !IsOutside(count, test.B, test.C);
    }

    private static bool IsAsked(NetmaskRanges networks, SocketAddress local) => networks.Contains(in local);

    private static bool IsOutside(int value, in Test test) => IsOutside(value, test.A, test.B);

    private static bool IsOutside(int value, int least, int most) => value < least || value > most;

    private static bool Compare(Comparison comparison, int size, int other) => comparison switch
    {
        Comparison.Equal => size == other,
        Comparison.Greater => size > other,
        Comparison.GreaterOrEqual => size >= other,
        Comparison.Smaller => size < other,
        _ => size <= other,
    };
}
