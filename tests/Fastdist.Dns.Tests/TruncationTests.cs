using System;
using Fastdist.Fuzz;
using Xunit;

namespace Fastdist.Dns.Tests;

public class TruncationTests
{
    [Fact]
    public void Header_question_and_OPT_remain_and_TC_is_set()
    {
        byte[] expected = Hex.Bytes(
            "1234 8380 0001 0000 0000 0001", Corpus.ExampleCom, "0001 0001", "00 0029 04D0 00008000 0000");
        Assert.Equal(Hex.Of(expected), Hex.Of(Cut(Corpus.Messages["answer with padding between options"])));
    }

    [Fact]
    public void No_OPT_is_made_up()
    {
        byte[] expected = Hex.Bytes("1234 8380 0001 0000 0000 0000", Corpus.ExampleCom, "0001 0001");
        Assert.Equal(Hex.Of(expected), Hex.Of(Cut(Corpus.Messages["answer without EDNS"])));
    }

    [Fact]
    public void RCODE_extended_RCODE_and_version_remain()
    {
        byte[] message = Hex.Bytes("1234 8587 0001 0000 0000 0001", Corpus.ExampleCom, "0001 0001", "00 0029 1000 01008000 0008", Corpus.Padding);
        byte[] expected = Hex.Bytes("1234 8787 0001 0000 0000 0001", Corpus.ExampleCom, "0001 0001", "00 0029 1000 01008000 0000");
        Assert.Equal(Hex.Of(expected), Hex.Of(Cut(message)));
    }

    [Fact]
    public void An_answer_without_a_question_keeps_header_and_OPT() =>
        Assert.Equal(Hex.Of(Hex.Bytes("1234 8385 0000 0000 0000 0001", Corpus.EmptyOpt)), Hex.Of(Cut(Corpus.Messages["refusal without a question"])));

    [Fact]
    public void Broken_records_cost_the_OPT_and_nothing_else()
    {
        byte[] message = [.. Hex.Bytes("1234 8180 0001 0000 0000 0002", Corpus.ExampleCom, "0001 0001", Corpus.EmptyOpt), 0xFF];
        byte[] expected = Hex.Bytes("1234 8380 0001 0000 0000 0000", Corpus.ExampleCom, "0001 0001");
        Assert.Equal(Hex.Of(expected), Hex.Of(Cut(message)));
    }

    [Fact]
    public void An_answer_cut_within_its_question_gives_nothing()
    {
        byte[] message = Corpus.Messages["answer"];
        for (int length = 0; length < 29; length++)
        {
            Assert.Empty(Cut(message[..length]));
        }

        Assert.Equal(29, Cut(message[..29]).Length);
    }

    [Fact]
    public void Two_questions_give_nothing() =>
        Assert.Empty(Cut(Hex.Bytes("1234 8180 0002 0000 0000 0000", Corpus.ExampleCom, "0001 0001", Corpus.ExampleCom, "0001 0001")));

    [Fact]
    public void A_destination_that_is_too_small_gets_nothing()
    {
        byte[] destination = new byte[39];
        Assert.Equal(0, Truncation.Write(Corpus.Messages["answer"], destination));
        Assert.Equal(new byte[39], destination);
        Assert.Equal(40, Truncation.Write(Corpus.Messages["answer"], new byte[40]));
    }

    [Fact]
    public void In_place_it_is_the_same_and_what_is_signed_stays()
    {
        foreach (string shape in (string[])["answer", "answer with padding between options", "answer whose records point to one another", "name error"])
        {
            byte[] message = [.. Corpus.Messages[shape]];
            int length = message.Length;
            Assert.True(Truncation.TryEmpty(message, ref length));
            Assert.Equal(Hex.Of(Cut(Corpus.Messages[shape])), Hex.Of(message.AsSpan(0, length)));
        }

        Edits.Refused(Corpus.Messages["signed answer"], Truncation.TryEmpty);
        Edits.Refused(Corpus.Messages["answer"][..28], Truncation.TryEmpty);
        Edits.Refused([], Truncation.TryEmpty);
    }

    private static byte[] Cut(byte[] response)
    {
        var destination = new byte[600];
        return destination[..Truncation.Write(response, destination)];
    }
}
