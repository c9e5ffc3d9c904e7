using System;
using System.Linq;
using Fastdist.Cache.Answers;
using Fastdist.Dns;
using Fastdist.Fuzz;
using Xunit;

namespace Fastdist.Cache.Tests.Answers;

/// <summary>Nobody can have another client be given what it did not ask for.</summary>
public class PoisoningTests
{
    private const string OutOfBailiwick = "C00C 0002 0001 0000003C 0005 026E73 C014 ";

    [Theory]
    [InlineData(One.Question, true)]
    [InlineData("07 6558416D504C65 03 434F6D 00 0001 0001", true)]
    [InlineData("07 6558416D504C65 03 43634D 00 0001 0001", false)]
    [InlineData("06 78616D706C65 03 636F6D 00 0001 0001", false)]
    [InlineData("00 0001 0001", false)]
    [InlineData("07 6578616D706C65 03 636F6D 00 001C 0001", false)]
    [InlineData("07 6578616D706C65 03 636F6D 00 0001 0003", false)]
    public void An_answer_is_about_a_key_when_name_type_and_class_are_the_same(string question, bool isAbout)
    {
        byte[] key = One.Key(One.Query());
        Assert.Equal(isAbout, CacheKey.IsAbout(key, One.Answer(question: question)));
        Assert.Equal(isAbout, One.Restored(One.Answer(question: question), One.Query()).Length > 0);
    }

    [Fact]
    public void An_answer_with_no_question_or_two_is_about_none()
    {
        byte[] key = One.Key(One.Query());
        Assert.False(CacheKey.IsAbout(key, Hex.Bytes("1234 8180 0000 0000 0000 0000")));
        Assert.False(CacheKey.IsAbout(key, Hex.Bytes("1234 8180 0002 0000 0000 0000", One.Question, One.Question)));
        Assert.False(CacheKey.IsAbout(key, []));
    }

    [Fact]
    public void A_byte_that_is_a_letter_but_for_its_case_bit_is_another_name()
    {
        byte[] key = One.Key(One.Query(question: "02 5B40 00 0001 0001"));
        Assert.False(CacheKey.IsAbout(key, One.Answer(question: "02 7B60 00 0001 0001")));
        Assert.NotEqual(key, One.Key(One.Query(question: "02 7B60 00 0001 0001")));
    }

    [Fact]
    public void Each_mix_of_RD_CD_AD_EDNS_and_DO_has_a_key_of_its_own()
    {
        string[] keys =
        [
            .. from flags in (string[])["0000", "0100", "0010", "0110", "0020", "0120", "0030", "0130"]
               from opt in (string?[])[null, "0000", "8000", "4000", "C000"]
               select Hex.Of(One.Key(One.Query(opt is null ? null : "", flags, optFlags: opt ?? "0000"))),
        ];
        Assert.Equal(8 * 5, keys.Distinct().Count());
        Assert.All(keys, static key => Assert.NotEmpty(key));
    }

    [Fact]
    public void Types_classes_and_names_have_keys_of_their_own()
    {
        string[] questions = ["0161 00 0001 0001", "0161 00 0001 0003", "0161 00 001C 0001", "0161 00 0100 0001", "0162 00 0001 0001", "0161 0161 00 0001 0001", "00 0001 0001"];
        Assert.Equal(questions.Length, questions.Select(static question => Hex.Of(One.Key(One.Query(question: question)))).Distinct().Count());
    }

    [Fact]
    public void Each_network_has_a_key_of_its_own_and_so_have_all_and_those_that_hide()
    {
        string Key(NetworkKind kind, byte[] address, int prefix)
        {
            byte[] key = [.. One.Key(One.Query("")), .. new byte[CacheKey.MaxNetworkSize]];
            return Hex.Of(key.AsSpan(0, CacheKey.AddNetwork(key, key.Length - CacheKey.MaxNetworkSize, kind, address, prefix)));
        }

        string[] keys =
        [
            Key(NetworkKind.Untold, [], 0), Key(NetworkKind.Any, [], 0), Key(NetworkKind.Hidden, [], 0), Key(NetworkKind.One, [192, 0, 2, 0], 24), Key(NetworkKind.One, [192, 0, 2, 0], 25),
            Key(NetworkKind.One, [192, 0, 2, 0], 23), Key(NetworkKind.One, [192, 0, 3, 0], 24), Key(NetworkKind.One, [192, 0, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0], 24),
        ];
        Assert.Equal(keys.Length, keys.Distinct().Count());
        Assert.Equal(Key(NetworkKind.One, [192, 0, 2, 1], 24), Key(NetworkKind.One, [192, 0, 2, 2], 24));
    }

    [Fact]
    public void Additional_records_are_passed_as_they_came()
    {
        string glue = "C029 0001 0001 0000003C 0004 CB007101 ";
        byte[] answer = Hex.Bytes("1234 8180 0001 0000 0001 0002", One.Question, OutOfBailiwick, glue, "03 777777 04 62616E6B 00 0001 0001 0000003C 0004 CB007102");
        Assert.Equal(Hex.Of(answer), Hex.Of(One.Restored(answer, One.Query())));
        Assert.False(CacheKey.IsAbout(One.Key(One.Query(question: "03 777777 04 62616E6B 00 0001 0001")), answer));
    }

    [Fact]
    public void Nothing_of_one_clients_OPT_is_given_to_another()
    {
        string ofOne = "000A 0018 0102030405060708 11111111111111112222222222222222 0003 0002 6E73 000B 0002 0064 000C 0003 000000" + One.Subnet;
        byte[] form = One.Kept(One.Answer(options: ofOne, optFlags: "8000"), out _);
        Assert.Equal(KeptForm.HeadSize + One.Answer().Length + KeptForm.OffsetSize, form.Length);
        Assert.Equal(Hex.Of(One.Answer(options: "")[2..]), Hex.Of(One.RestoredOf(form, One.Query("000A 0008 9999999999999999"), One.Fresh)[2..]));
    }

    [Fact]
    public void Pointers_into_the_question_lead_to_the_letters_that_the_client_sent()
    {
        byte[] answer = One.Answer("C00C 0005 0001 0000003C 0006 03777777 C00C C00C 0002 0001 0000003C 0002 C014");
        byte[] query = One.Query(question: "07 4558414D504C45 03 434F4D 00 0001 0001");
        byte[] restored = One.Restored(answer, query);
        Query.Parse(query, out Query read);
        Assert.Equal(Hex.Of(read.Question), Hex.Of(restored.AsSpan(12, 17)));
        Assert.Equal(Hex.Of(answer.AsSpan(29)), Hex.Of(restored.AsSpan(29)));
    }
}
