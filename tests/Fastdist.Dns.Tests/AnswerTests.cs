using System;
using Fastdist.Fuzz;
using Xunit;

namespace Fastdist.Dns.Tests;

public class AnswerTests
{
    private static readonly byte[] s_question = Hex.Bytes(Corpus.ExampleCom, "0001 0001");

    [Theory]
    [InlineData(Corpus.ExampleCom)]
    [InlineData("07 4578614D704C65 03 434F4D 00")]
    public void An_answer_repeats_the_question_in_any_case(string name) =>
        Assert.Equal(AnswerMatch.Matches, Match("8180 0001", name, "0001 0001"));

    [Theory]
    [InlineData(Corpus.ExampleCom, "001C 0001")]
    [InlineData(Corpus.ExampleCom, "0021 0001")]
    [InlineData(Corpus.ExampleCom, "0001 0003")]
    [InlineData("07 6578616D706C66 03 636F6D 00", "0001 0001")]
    [InlineData("07 6578616D700C65 03 636F6D 00", "0001 0001")]
    [InlineData("03 636F6D 00", "0001 0001")]
    [InlineData("C00C", "0001 0001")]
    public void Another_question_is_not_ours(string name, string typeAndClass) =>
        Assert.Equal(AnswerMatch.WrongQuestion, Match("8180 0001", name, typeAndClass));

    [Theory]
    [Trait("Row", "A7")]
    [InlineData("8181 0000 0000 0000 0000", true)]
    [InlineData("8184 0000 0000 0000 0000", true)]
    [InlineData("8180 0000 0000 0000 0001 00 0029 04D0 01 00 0000 0000", true)]
    [InlineData("8180 0000 0000 0000 0001 00 0029 04D0 00 00 0000 0000", false)]
    [InlineData("8187 0000 0000 0000 0001 00 0029 04D0 01 00 0000 0000", false)]
    [InlineData("8180 0000 0000 0000 0001 00 0029 04D0 01 00 0000", false)]
    [InlineData("8180 0000 0000 0000 0000", false)]
    [InlineData("8182 0000 0000 0000 0000", false)]
    [InlineData("8183 0000 0000 0000 0000", false)]
    [InlineData("8185 0000 0000 0000 0000", false)]
    public void FORMERR_NOTIMP_and_BADVERS_may_be_about_EDNS(string rest, bool expected) =>
        Assert.Equal(expected, Answer.MayRefuseEdns(Hex.Bytes("1234", rest)));

    [Fact]
    public void A_type_of_letters_is_compared_exactly()
    {
        byte[] question = Hex.Bytes(Corpus.ExampleCom, "4141 0001");
        Assert.Equal(AnswerMatch.WrongQuestion, Answer.Match(Hex.Bytes("1234 8180 0001 0000 0000 0000", Corpus.ExampleCom, "6161 0001"), question));
        Assert.Equal(AnswerMatch.Matches, Answer.Match(Hex.Bytes("1234 8180 0001 0000 0000 0000", Corpus.ExampleCom, "4141 0001"), question));
    }

    [Fact]
    public void Bytes_of_a_label_beyond_ASCII_letters_are_compared_exactly()
    {
        // '@' and '[' frame the capitals, '`' and '{' the small letters; 0xC1 is 'A' with the high bit.
        foreach ((string one, string other) in new[] { ("40", "60"), ("5B", "7B"), ("C1", "E1"), ("30", "10") })
        {
            byte[] question = Hex.Bytes("01", one, "00 0001 0001");
            Assert.Equal(AnswerMatch.WrongQuestion, Answer.Match(Hex.Bytes("1234 8180 0001 0000 0000 0000 01", other, "00 0001 0001"), question));
        }
    }

    [Fact]
    public void A_query_is_not_an_answer() =>
        Assert.Equal(AnswerMatch.NotAResponse, Match("0180 0001", Corpus.ExampleCom, "0001 0001"));

    [Fact]
    public void Less_than_a_header_is_too_short()
    {
        for (int length = 0; length < 12; length++)
        {
            Assert.Equal(AnswerMatch.TooShort, Answer.Match(Corpus.Messages["answer"].AsSpan(0, length), s_question));
        }
    }

    [Fact]
    public void An_answer_cut_within_its_question_is_not_ours()
    {
        for (int length = 12; length < 12 + s_question.Length; length++)
        {
            Assert.Equal(AnswerMatch.WrongQuestion, Answer.Match(Corpus.Messages["answer"].AsSpan(0, length), s_question));
        }
    }

    [Theory]
    [InlineData("8180", AnswerMatch.WrongQuestion)]
    [InlineData("8183", AnswerMatch.WrongQuestion)]
    [InlineData("8181", AnswerMatch.Matches)]
    [InlineData("8182", AnswerMatch.Matches)]
    [InlineData("8184", AnswerMatch.Matches)]
    [InlineData("8185", AnswerMatch.Matches)]
    public void An_answer_without_a_question_matches_unless_it_says_NOERROR_or_NXDOMAIN(string flags, AnswerMatch expected) =>
        Assert.Equal(expected, Match(flags + "0000"));

    [Theory]
    [InlineData("8180")]
    [InlineData("8183")]
    [InlineData("8182")]
    public void Any_answer_may_do_without_a_question_where_that_is_allowed(string flags) =>
        Assert.Equal(AnswerMatch.Matches, Answer.Match(Hex.Bytes("1234", flags, "0000 0000 0000 0000"), s_question, mayBeEmpty: true));

    [Fact]
    public void Two_questions_are_not_ours() =>
        Assert.Equal(AnswerMatch.WrongQuestion, Match("8180 0002", Corpus.ExampleCom, "0001 0001", Corpus.ExampleCom, "0001 0001"));

    private static AnswerMatch Match(string flagsAndCount, params string[] question) =>
        Answer.Match(Hex.Bytes(["1234", flagsAndCount, "0000 0000 0000", .. question]), s_question);
}
