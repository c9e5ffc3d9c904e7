using System.Linq;
using Fastdist.Cache.Answers;
using Fastdist.Dns;
using Fastdist.Fuzz;
using Xunit;

namespace Fastdist.Cache.Tests.Answers;

public class KeptAnswerTests
{
    private const string Soa = Corpus.PointerToQuestion + "0006 0001 0000003C 0018 C00C C00C 00000001 00000002 00000003 00000004 00000005 ";
    private const string Error = "000F 0004 000F 6E6F ";

    [Fact]
    public void The_form_is_a_head_the_answer_without_OPT_where_its_TTLs_are_and_its_extended_errors()
    {
        byte[] form = One.Kept(One.Answer(One.Address + One.OtherAddress, options: "000A 0008 0102030405060708" + Error), out AnswerFacts facts);
        string message = "0000 8180 0001 0002 0000 0000" + One.Question + One.Address + One.OtherAddress;
        string head = "3D00 0200 0800 1D00 0000 02 01";
        Assert.Equal(Hex.Of(Hex.Bytes(head, message, "2300 3300", Error)), Hex.Of(form));
        Assert.Equal((3600, Rcode.NoError, false, false), (facts.SmallestTtl, facts.Rcode, facts.IsNegative, facts.IsTruncated));
        Assert.Equal(Hex.Of(Hex.Bytes(message)), Hex.Of(KeptAnswer.MessageOf(form)));
    }

    [Theory]
    [InlineData(One.Address + "C00C 0001 0001 0000000A 0004 C0000202", "", "", 10)]
    [InlineData(One.Address, Soa, "", 60)]
    [InlineData(One.Address, "", "C00C 0001 0001 00000009 0004 C0000202", 9)]
    [InlineData("C00C 0001 0001 7FFFFFFF 0004 C0000201", "", "", int.MaxValue)]
    [InlineData("C00C 0001 0001 80000000 0004 C0000201", "", "", 0)]
    [InlineData(One.Address + "C00C 0001 0001 FFFFFFFF 0004 C0000201", "", "", 0)]
    [InlineData("", "", "", -1)]
    public void The_smallest_TTL_is_that_of_any_record_but_the_OPT(string answers, string authorities, string additionals, long smallest)
    {
        One.Kept(One.Answer(answers, authorities, additionals, ""), out AnswerFacts facts);
        Assert.Equal(smallest, facts.SmallestTtl);
    }

    [Theory]
    [InlineData("8180", "", Soa, true)]
    [InlineData("8183", "", "", true)]
    [InlineData("8180", "", "", false)]
    [InlineData("8180", Soa, "", false)]
    [InlineData("8182", "", Soa, false)]
    public void NXDOMAIN_is_negative_and_so_is_NOERROR_with_the_zones_SOA(string flags, string answers, string authorities, bool isNegative)
    {
        One.Kept(One.Answer(answers, authorities, flags: flags), out AnswerFacts facts);
        Assert.Equal(isNegative, facts.IsNegative);
    }

    [Theory]
    [InlineData("8180 0000 0000 0000 0000", "no question")]
    [InlineData("8180 0002 0000 0000 0000" + One.Question + One.Question, "two questions")]
    [InlineData("0180 0001 0000 0000 0000" + One.Question, "a query")]
    [InlineData("A180 0001 0000 0000 0000" + One.Question, "another opcode")]
    [InlineData("8180 0001 0001 0000 0000" + One.Question, "a record short")]
    [InlineData("8180 0001 0001 0000 0000" + One.Question + "C00C 0001 0001 00000E10 0005 C0000201", "a broken record")]
    [InlineData("8180 0001 0001 0000 0000" + One.Question + One.Address + "00", "bytes behind")]
    [InlineData("8180 0001 0001 0000 0001" + One.Question + One.Address + Corpus.Tsig, "TSIG")]
    [InlineData("8180 0001 0001 0000 0001" + One.Question + One.Address + Corpus.Sig0, "SIG(0)")]
    [InlineData("8180 0001 0001 0000 0002" + One.Question + One.Address + Corpus.EmptyOpt + Corpus.EmptyOpt, "two OPTs")]
    [InlineData("8180 0001 0001 0000 0000" + One.Question + Corpus.EmptyOpt, "an OPT in the answer section")]
    [InlineData("8181 0001 0000 0000 0001" + One.Question + "00 0029 04D0 01000000 0000", "BADVERS")]
    [InlineData("8180 0001 0000 0000 0001" + One.Question + "00 0029 04D0 00010000 0000", "version 1")]
    [InlineData("8180 0001 0000 0000 0001" + One.Question + "00 0029 04D0 00000000 0004 000F0004", "a broken option")]
    [InlineData("8180 0001 0000 0000 0002" + One.Question + Corpus.EmptyOpt + "C00C 0002 0001 0000003C 0002 C00C", "a name behind the OPT that may point across it")]
    [InlineData("8180 0001 0000 0000 0003" + One.Question + Corpus.EmptyOpt + "0161 00 0001 0001 0000003C 0004 C0000201 C028 0001 0001 0000003C 0004 C0000201", "an owner that points across the OPT")]
    public void Some_answers_are_not_kept(string answer, string what) => Assert.False(One.IsKept(Hex.Bytes("1234", answer)), what);

    [Fact]
    public void Addresses_behind_the_OPT_move_up()
    {
        byte[] answer = Hex.Bytes("1234 8180 0001 0000 0000 0002", One.Question, Corpus.EmptyOpt, One.Address);
        Assert.Equal(Hex.Of(Hex.Bytes("1234 8180 0001 0000 0000 0001", One.Question, One.Address)), Hex.Of(One.Restored(answer, One.Query())));
    }

    [Theory]
    [InlineData(506, true)]
    [InlineData(507, false)]
    public void Records_are_bounded(int records, bool isKept)
    {
        byte[] answer = Hex.Bytes("1234 8180 0001", $"{records:X4}", "0000 0000", One.Question, string.Concat(Enumerable.Repeat("00 0010 0001 00000001 0000", records)));
        Assert.Equal(isKept, One.IsKept(answer));
        Assert.True(!isKept || One.Kept(answer, out _).Length <= answer.Length + KeptAnswer.MaxOverhead);
    }

    [Fact]
    public void Extended_errors_are_kept_up_to_a_bound_and_nothing_else_of_the_OPT_is()
    {
        string large = "000F 00FC" + string.Concat(Enumerable.Repeat("61", 252)), small = "000F 0002 0003";
        byte[] form = One.Kept(One.Answer(options: "0003 0002 6161 000F 0001 00" + large + large + small + "000C 0002 0000"), out _);
        byte[] restored = One.RestoredOf(form, One.Query(""), One.Fresh);
        Assert.Equal(Hex.Of(One.Answer(options: large + large)[2..]), Hex.Of(restored[2..]));
    }

    [Fact]
    public void An_answer_without_room_is_not_kept()
    {
        byte[] answer = One.Answer(options: Error);
        int length = One.Kept(answer, out _).Length;
        for (int room = 0; room < length; room++)
        {
            Assert.False(KeptAnswer.TryWrite(answer, new byte[room], out int written, out _));
            Assert.Equal(0, written);
        }

        Assert.True(KeptAnswer.TryWrite(answer, new byte[length], out _, out _));
    }
}
