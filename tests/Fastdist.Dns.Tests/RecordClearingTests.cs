using System;
using System.Collections.Generic;
using System.Linq;
using CsCheck;
using Fastdist.Fuzz;
using Fastdist.Shared;
using Xunit;

namespace Fastdist.Dns.Tests;

public class RecordClearingTests
{
    private const string Head = "1234 8180 0001 ";
    private const string Question = Corpus.ExampleCom + "0001 0001";
    private const string Alias = "C00C 0005 0001 0000003C 0006 03777777 C00C";

    /// <summary>Record types with names and without, by the bytes before them and how many there are.</summary>
    private static readonly (int Type, int Before, int Names)[] s_types =
        [(1, 4, 0), (2, 0, 1), (5, 0, 1), (6, 0, 2), (15, 2, 1), (16, 5, 0), (33, 6, 1), (46, 18, 1), (65, 3, 0), (17, 0, 2)];

    [Fact]
    public void Records_before_which_nothing_points_move_up()
    {
        Equal(
            Hex.Bytes(Head, "0001 0000 0001", Question, Corpus.AddressRecord, Corpus.EmptyOpt),
            Cleared(Hex.Bytes(Head, "0002 0000 0001", Question, "C00C 0041 0001 0000003C 0003 000100", Corpus.AddressRecord, Corpus.EmptyOpt), RecordType.HTTPS));
        Equal(
            Hex.Bytes(Head, "0000 0001 0001", Question, Corpus.Soa, Corpus.EmptyOpt),
            Cleared(
                Hex.Bytes(Head, "0002 0001 0002", Question, Corpus.AddressRecord, Corpus.AddressRecord, Corpus.Soa, Corpus.AddressRecord, Corpus.EmptyOpt),
                RecordType.A));
    }

    [Fact]
    public void A_name_that_pointed_into_what_goes_is_written_out_and_points_to_what_is_left_of_it() => Equal(
        Hex.Bytes(Head, "0001 0000 0000", Question, "03777777 C00C 0001 0001 0000003C 0004 C0000201"),
        Cleared(Hex.Bytes(Head, "0002 0000 0000", Question, Alias, "C029 0001 0001 0000003C 0004 C0000201"), RecordType.CNAME));

    [Fact]
    public void A_name_that_pointed_behind_what_goes_points_to_where_that_is_now() => Equal(
        Hex.Bytes(Head, "0002 0000 0000", Question, Alias, "C029 0001 0001 0000003C 0004 C0000201"),
        Cleared(
            Hex.Bytes(Head, "0003 0000 0000", Question, "C00C 0010 0001 0000003C 0002 0161", Alias, "C037 0001 0001 0000003C 0004 C0000201"), RecordType.TXT));

    [Fact]
    public void Names_of_types_that_must_not_be_compressed_are_written_whole() => Equal(
        Hex.Bytes(Head, "0001 0000 0000", Question, "C00C 0021 0001 0000003C 0017 0001 0002 0003 03777777", Corpus.ExampleCom),
        Cleared(Hex.Bytes(Head, "0002 0000 0000", Question, Alias, "C00C 0021 0001 0000003C 0008 0001 0002 0003 C029"), RecordType.CNAME));

    [Fact]
    public void A_names_case_stays_as_it_was_so_that_only_its_like_is_pointed_to() => Equal(
        Hex.Bytes(Head, "0002 0000 0000", Question, "03577777 C00C 0001 0001 0000003C 0004 C0000201", "03777777 C00C 0001 0001 0000003C 0004 C0000201"),
        Cleared(
            Hex.Bytes(
                Head, "0003 0000 0000", Question, Alias, "03577777 C00C 0001 0001 0000003C 0004 C0000201", "C029 0001 0001 0000003C 0004 C0000201"),
            RecordType.CNAME));

    [Fact]
    public void The_OPT_stays_even_when_it_is_asked_for() => Equal(
        Hex.Bytes(Head, "0000 0000 0001", Question, Corpus.EmptyOpt), Cleared(Corpus.Messages["answer"], RecordType.OPT, RecordType.A));

    [Fact]
    public void Records_without_data_are_no_broken_ones()
    {
        byte[] message = Hex.Bytes("1234 2800 0001 0000 0002 0000", Question, "C00C 0005 00FF 00000000 0000", Corpus.AddressRecord);
        Equal(Hex.Bytes("1234 2800 0001 0000 0001 0000", Question, "C00C 0005 00FF 00000000 0000"), Cleared(message, RecordType.A));
    }

    [Theory]
    [InlineData("C00C 000F 0001 0000003C 0001 00")]
    [InlineData("C00C 0002 0001 0000003C 0002 C0FF")]
    [InlineData("C00C 0002 0001 0000003C 0002 0361")]
    [InlineData("C00C 0006 0001 0000003C 0002 00 C0")]
    [InlineData("C00C 0023 0001 0000003C 0006 0001 0001 05 41")]
    [InlineData("C00C 002E 0001 0000003C 0011 0000000000000000000000000000000000")]
    public void A_broken_name_in_what_stays_leaves_the_message_as_it_is(string record) =>
        Refused(Hex.Bytes(Head, "0002 0000 0000", Question, record, "C00C 001C 0001 0000003C 0000"), RecordType.AAAA);

    [Fact]
    public void A_pointer_to_what_leads_back_into_its_own_name_is_a_broken_name() =>
        Refused(
            Hex.Bytes(Head, "0003 0000 0000", Question, "C00C 0010 0001 0000003C 0001 03", "C029 0001 0001 0000003C 0000", "C00C 001C 0001 0000003C 0000"),
            RecordType.AAAA);

    [Theory]
    [InlineData("signed answer", RecordType.A)]
    [InlineData("query with SIG(0)", RecordType.A)]
    [InlineData("query with bytes after its OPT", RecordType.A)]
    [InlineData("answer with a loop of pointers", RecordType.A)]
    public void What_is_signed_or_broken_or_has_bytes_behind_it_stays_as_it_is(string shape, RecordType type) => Refused(Corpus.Messages[shape], type);

    [Fact]
    public void A_message_cut_anywhere_stays_as_it_is()
    {
        byte[] message = Corpus.Messages["answer whose records point to one another"];
        for (int length = 0; length < message.Length; length++)
        {
            Refused(message[..length], RecordType.CNAME);
        }
    }

    [Fact]
    public void Names_through_more_pointers_than_labels_are_not_followed()
    {
        // Each NS record's name is a pointer to the one before it.
        Assert.True(IsCleared(Chain(120)));
        Assert.False(IsCleared(Chain(140)));

        static bool IsCleared(byte[] message)
        {
            int length = message.Length;
            return RecordClearing.TryClear(message, ref length, [RecordType.A], new byte[65535]);
        }

        static byte[] Chain(int records)
        {
            byte[] message = Hex.Bytes(Head, (records + 1).ToString("X4", null), "0000 0000", Question, Corpus.AddressRecord);
            int target = 12;
            for (int index = 0; index < records; index++)
            {
                int next = message.Length + 12;
                message = [.. message, .. Hex.Bytes("C00C 0002 0001 0000003C 0002", (0xC000 | target).ToString("X4", null))];
                target = next;
            }

            return message;
        }
    }

    [Fact]
    public void A_message_that_would_outgrow_its_room_or_65535_bytes_stays_as_it_is()
    {
        // A thousand service records point to a long name in the one record that goes: each would have to name it whole.
        byte[] alias = [.. Hex.Bytes("C00C 0005 0001 0000003C 00FF", Corpus.LongestName)];
        byte[] services = [.. Enumerable.Repeat(Hex.Bytes("C00C 0021 0001 0000003C 0008 0001 0002 0003 C029"), 300).SelectMany(record => record)];
        byte[] message = [.. Hex.Bytes(Head, "012D 0000 0000", Question), .. alias, .. services];
        Refused(message, RecordType.CNAME, 100_000);

        byte[] few = [.. Hex.Bytes(Head, "000B 0000 0000", Question), .. alias, .. services.AsSpan(0, 200)];
        byte[] cleared = Cleared(few, RecordType.CNAME);
        Assert.Equal(29 + (10 * (12 + 6 + 255)), cleared.Length);
        Refused(few, RecordType.CNAME, cleared.Length - few.Length - 1);
    }

    [Fact]
    public void A_message_of_65535_bytes_is_cleared_like_any_other()
    {
        byte[] end = Hex.Bytes("C029 0001 0001 0000003C 0004 C0000201");
        byte[] head = Hex.Bytes(Head, "0003 0000 0000", Question, Alias);
        int fill = ushort.MaxValue - head.Length - end.Length - 12;
        byte[] message = [.. head, .. Hex.Bytes("C00C 0010 0001 0000003C", fill.ToString("X4", null)), .. new byte[fill], .. end];
        Assert.Equal(ushort.MaxValue, message.Length);
        Equal([.. Hex.Bytes(Head, "0002 0000 0000", Question, Alias), .. end], Cleared(message, RecordType.TXT));
        Assert.Equal(ushort.MaxValue - 18 + 4, Cleared(message, RecordType.CNAME).Length);
        Refused([.. message, 0], RecordType.TXT);
    }

    [Fact]
    public void Nothing_is_allocated_whichever_way_is_taken()
    {
        byte[] message = Corpus.Messages["answer whose records point to one another"];
        byte[] buffer = new byte[1024], scratch = new byte[1024];
        Allocations.AssertNone(() =>
        {
            foreach (RecordType type in (ReadOnlySpan<RecordType>)[RecordType.CNAME, RecordType.NAPTR, RecordType.TXT])
            {
                message.CopyTo(buffer, 0);
                int length = message.Length;
                Assert.True(RecordClearing.TryClear(buffer, ref length, [type], scratch));
            }
        });
    }

    [Fact]
    public void Of_records_that_point_to_one_another_at_random_those_that_stay_say_what_they_said() =>
        Gen.Select(Gen.Int, Gen.Int[1, 30], Gen.Int[0, s_types.Length - 1].Array[1, 3]).Sample((seed, records, gone) =>
        {
            byte[] message = Random(new Random(seed), records);
            var before = new Reference(message);
            RecordType[] types = [.. gone.Select(index => (RecordType)s_types[index].Type)];
            byte[] cleared = Cleared(message, types);
            var after = new Reference(cleared);
            List<string>? expected = ReferenceNames.Expanded(message, before.Records.Where(record => !types.Contains((RecordType)record.Type)));
            Assert.NotNull(expected);
            Assert.Equal(expected, ReferenceNames.Expanded(cleared, after.Records));
            Assert.True(after.IsSound && !after.HasTrailer);
        });

    /// <summary>A message whose names point to labels of earlier ones wherever that can be.</summary>
    private static byte[] Random(Random random, int records)
    {
        List<byte> message = [.. Hex.Bytes(Head, "0000 0000 0000", Question)];
        var labels = new List<int> { 12, 20 };
        void AddName()
        {
            int start = message.Count;
            for (int count = random.Next(3); count > 0; count--)
            {
                labels.Add(message.Count);
                message.AddRange([1, (byte)random.Next('a', 'd')]);
            }

            int target = labels.Where(label => label < start).ElementAt(random.Next(labels.Count(label => label < start)));
            message.AddRange(random.Next(8) == 0 ? [0] : [(byte)(0xC0 | (target >> 8)), (byte)target]);
        }

        for (int index = 0; index < records; index++)
        {
            (int type, int before, int names) = s_types[random.Next(s_types.Length)];
            AddName();
            message.AddRange([0, (byte)type, 0, 1, 0, 0, 0, (byte)index, 0, 0]);
            int data = message.Count;
            message.AddRange(Enumerable.Range(1, before).Select(value => (byte)value));
            for (int count = names; count > 0; count--)
            {
                AddName();
            }

            message.AddRange(type is 6 or 46 ? [1, 2, 3] : []);
            message[data - 1] = (byte)(message.Count - data);
        }

        int answers = random.Next(records + 1);
        (message[7], message[11]) = ((byte)answers, (byte)(records - answers));
        return [.. message];
    }

    private static byte[] Cleared(byte[] message, params RecordType[] types)
    {
        byte[] buffer = [.. message, .. new byte[10_000]];
        int length = message.Length;
        Assert.True(RecordClearing.TryClear(buffer, ref length, types, new byte[buffer.Length]));
        return buffer[..length];
    }

    private static void Refused(byte[] message, RecordType type, int room = 100)
    {
        byte[] buffer = [.. message, .. new byte[room]];
        byte[] before = [.. buffer];
        int length = message.Length;
        Assert.False(RecordClearing.TryClear(buffer, ref length, [type], new byte[100_000]));
        Assert.Equal(message.Length, length);
        Assert.Equal(before, buffer);
    }

    private static void Equal(byte[] expected, byte[] actual) => Assert.Equal(Hex.Of(expected), Hex.Of(actual));
}
