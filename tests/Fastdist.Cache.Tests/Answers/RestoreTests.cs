using System;
using System.Buffers.Binary;
using System.Linq;
using Fastdist.Cache.Answers;
using Fastdist.Dns;
using Fastdist.Fuzz;
using Xunit;

namespace Fastdist.Cache.Tests.Answers;

public class RestoreTests
{
    private const string OtherName = "07 6558416D504C65 03 43634D 00 0001 0001 ";
    private const string Mixed = "07 6558416D504C65 03 434F6D 00 0001 0001 ";

    [Fact]
    public void ID_RD_CD_and_letter_case_are_the_querys_and_AA_RA_and_AD_stay()
    {
        byte[] restored = One.Restored(One.Answer(flags: "85A0"), One.Query(flags: "0010", question: Mixed));
        Assert.Equal(Hex.Of(Hex.Bytes("1234 84B0 0001 0001 0000 0000", Mixed, One.Address)), Hex.Of(restored));
        restored = One.Restored(One.Answer(flags: "8010"), One.Query(flags: "0100"));
        Assert.Equal("12348100", Hex.Of(restored.AsSpan(0, 4)));
    }

    [Fact]
    public void TC_is_as_it_was_kept()
    {
        Assert.Equal("12348380", Hex.Of(One.Restored(One.Answer(flags: "8380"), One.Query()).AsSpan(0, 4)));
        Assert.Equal("12348180", Hex.Of(One.Restored(One.Answer(), One.Query()).AsSpan(0, 4)));
    }

    [Theory]
    [InlineData(0, uint.MaxValue, "00000E10 0000003C 7FFFFFFF 00000000")]
    [InlineData(1, uint.MaxValue, "00000E0F 0000003B 7FFFFFFE 00000000")]
    [InlineData(60, uint.MaxValue, "00000DD4 00000000 7FFFFFC3 00000000")]
    [InlineData(uint.MaxValue, uint.MaxValue, "00000000 00000000 00000000 00000000")]
    [InlineData(7, 60, "0000003C 0000003C 0000003C 0000003C")]
    [InlineData(0, 0, "00000000 00000000 00000000 00000000")]
    public void TTLs_fall_with_age_or_are_fixed_and_that_of_the_OPT_is_none(uint age, uint fixedTtl, string expected)
    {
        string[] ttls = expected.Split(' ');
        string Records(string[] of) => $"C00C 0001 0001 {of[0]} 0004 C0000201 C00C 0001 0001 {of[1]} 0004 C0000201";
        string Others(string[] of, int which) => $"C00C 0001 0001 {of[which]} 0004 C0000201";
        string[] before = ["00000E10", "0000003C", "7FFFFFFF", "FFFFFFFF"];
        byte[] answer = One.Answer(Records(before), Others(before, 2), Others(before, 3), "", optFlags: "8000");
        RestoreTraits traits = One.Fresh with { Age = age, FixedTtl = fixedTtl };
        byte[] after = One.Answer(Records(ttls), Others(ttls, 2), Others(ttls, 3), "");
        Assert.Equal(Hex.Of(after[2..]), Hex.Of(One.Restored(answer, One.Query(""), traits)[2..]));
    }

    [Theory]
    [InlineData(null, null, null)]
    [InlineData("", null, null)]
    [InlineData(null, "", null)]
    [InlineData("", "", "00 0029 0500 00000000 0000")]
    [InlineData("000A 0008 0102030405060708 0003 0002 6161 000B 0002 0064 000C 0002 0000", "0003 0000 000A 0008 9999999999999999", "00 0029 0500 00000000 0000")]
    [InlineData("000F 0004 000F 6E6F 000A 0008 0102030405060708 000F 0002 0003", "", "00 0029 0500 00000000 000E 000F 0004 000F 6E6F 000F 0002 0003")]
    public void There_is_an_OPT_when_the_answer_and_the_query_have_one_and_it_is_ours(string? answered, string? asked, string? expected)
    {
        byte[] restored = One.Restored(One.Answer(options: answered), One.Query(asked), One.Fresh with { PayloadSize = 0x500 });
        Assert.Equal(Hex.Of(Hex.Bytes("1234 8180 0001 0001 0000", expected is null ? "0000" : "0001", One.Question, One.Address, expected ?? "")), Hex.Of(restored));
    }

    [Theory]
    [InlineData("8000")]
    [InlineData("0000")]
    public void DO_is_the_querys(string flags) => Assert.Equal(
        Hex.Of(One.Answer(options: "", optFlags: flags)[2..]), Hex.Of(One.Restored(One.Answer(options: "", optFlags: "8000"), One.Query("", optFlags: flags), One.Fresh with { PayloadSize = 0x4D0 })[2..]));

    [Theory]
    [InlineData("8180", "000F 0002 0003")]
    [InlineData("8182", "000F 0002 0003")]
    [InlineData("8183", "000F 0002 0013")]
    public void Who_speaks_EDNS_is_told_that_an_answer_is_stale(string flags, string error)
    {
        RestoreTraits traits = One.Fresh with { IsStale = true };
        byte[] answer = One.Answer(options: "000F 0002 000F", flags: flags);
        Assert.Equal(Hex.Of(One.Answer(options: "000F 0002 000F" + error, flags: flags)[2..]), Hex.Of(One.Restored(answer, One.Query(""), traits)[2..]));
        Assert.Equal(Hex.Of(One.Answer(flags: flags)[2..]), Hex.Of(One.Restored(answer, One.Query(), traits)[2..]));
    }

    [Theory]
    [InlineData("0008 0007 0001 18 00 C00002", "0008 0007 0001 18 14 C00002")]
    [InlineData("0008 0007 0001 18 18 C00002", "0008 0007 0001 18 14 C00002")]
    [InlineData("0008 0004 0001 00 00", "0008 0004 0001 00 00")]
    [InlineData("0008 0005 0001 18 00 C0", "")]
    [InlineData("0008 0007 0001 18 00 C00002 0008 0007 0001 18 00 C00002", "")]
    [InlineData("", "")]
    public void A_client_that_told_its_network_hears_of_it_with_the_scope(string asked, string answered) => Assert.Equal(
        Hex.Of(One.Answer(options: answered)[2..]),
        Hex.Of(One.Restored(One.Answer(options: "0008 0006 0001 10 10 C633"), One.Query(asked), One.Fresh with { Scope = 20, PayloadSize = 0x4D0 })[2..]));

    [Fact]
    public void Where_nobody_answered_about_networks_none_is_spoken_of() =>
        Assert.Equal(Hex.Of(One.Answer(options: "")[2..]), Hex.Of(One.Restored(One.Answer(options: ""), One.Query(One.Subnet), One.Fresh)[2..]));

    [Fact]
    public void Without_room_nothing_is_restored()
    {
        byte[] form = One.Kept(One.Answer(options: "000F 0002 000F" + One.Subnet), out _), query = One.Query(One.Subnet);
        RestoreTraits traits = One.Fresh with { IsStale = true };
        int length = One.RestoredOf(form, query, traits).Length;
        Query.Parse(query, out Query read);
        foreach (int room in Enumerable.Range(0, length))
        {
            Assert.Equal(0, KeptAnswer.Restore(form, in read, in traits, new byte[room]));
        }

        Assert.Equal(length, KeptAnswer.Restore(form, in read, in traits, new byte[length]));
    }

    [Fact]
    public void No_answer_grows_beyond_what_a_message_can_be()
    {
        string Text(int size) => $"C00C 0010 0001 00000001 {size:X4}" + string.Concat(Enumerable.Repeat("00", size));
        byte[] answer = One.Answer(Text(0x7FFF) + Text(0x7FC0), options: "");
        Assert.Equal(ushort.MaxValue, answer.Length);
        Assert.Equal(answer.Length, One.Restored(answer, One.Query("")).Length);
        Assert.Empty(One.Restored(answer, One.Query(""), One.Fresh with { IsStale = true }));
    }

    [Theory]
    [InlineData(OtherName, "another name")]
    [InlineData(Corpus.ExampleCom + "001C 0001", "another type")]
    [InlineData(Corpus.ExampleCom + "0001 0003", "another class")]
    [InlineData("00 0001 0001", "a shorter name")]
    public void Nobody_gets_the_answer_to_another_question(string question, string what) =>
        Assert.True(One.Restored(One.Answer(), One.Query(question: question)).Length == 0, what);

    [Theory]
    [InlineData(0, "in the header")]
    [InlineData(10, "over the header's end")]
    [InlineData(Header.Size, "in the question")]
    [InlineData(Header.Size + 14, "over the question's end")]
    [InlineData(ushort.MaxValue, "behind the end")]
    public void An_offset_that_nobody_wrote_is_not_written_to(int offset, string what)
    {
        byte[] answer = One.Answer(One.Address + One.Address);
        foreach (bool isShuffled in (bool[])[false, true])
        {
            byte[] form = One.Kept(answer, out _);
            BinaryPrimitives.WriteUInt16LittleEndian(form.AsSpan(form.Length - KeptForm.OffsetSize), (ushort)offset);
            RestoreTraits traits = isShuffled ? One.Fresh with { Shuffle = new Random(1) } : One.Fresh with { Age = 1 };
            byte[] restored = One.RestoredOf(form, One.Query(), traits);
            Assert.True(isShuffled ? restored.SequenceEqual(One.Restored(answer, One.Query())) : restored.Length == 0, what);
        }
    }
}
