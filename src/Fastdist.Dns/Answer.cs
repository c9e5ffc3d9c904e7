using System;
using System.Runtime.InteropServices;

namespace Fastdist.Dns;

/// <summary>Whether a message from a backend answers the question that was asked.</summary>
public enum AnswerMatch : byte
{
    /// <summary>It does: deliver it.</summary>
    Matches,

    /// <summary>Less than a header.</summary>
    TooShort,

    /// <summary>QR=0: the backend sent a query.</summary>
    NotAResponse,

    /// <summary>The question is another one, or is cut, or is missing where it must be there.</summary>
    WrongQuestion,
}

/// <summary>Matches answers with questions; the ID is for the caller to match.</summary>
public static class Answer
{
    /// <summary>
    /// Tells whether an answer is an error that may be about the query's EDNS rather than about its question: FORMERR and
    /// NOTIMP of a server that does not know it, or not this option (RFC 6891 section 7), BADVERS (6.1.3).
    /// </summary>
    /// <param name="response">A message of at least a header.</param>
    public static bool MayRefuseEdns(ReadOnlySpan<byte> response) => Header.Rcode(response) switch
    {
        Rcode.FormErr or Rcode.NotImp => true,
        Rcode.NoError => Header.AnswerCount(response) == 0 && UpperRcode(response) == (int)Rcode.BadVers >> 4,
        _ => false,
    };

    /// <summary>
    /// Compares an answer's question with the one asked: the name case-insensitively, type and class exactly. An
    /// answer without a question matches when its RCODE is neither NOERROR nor NXDOMAIN, or that is allowed, too.
    /// </summary>
    /// <param name="response">The backend's message.</param>
    /// <param name="question">The question asked, as <see cref="Query.Question"/> gives it.</param>
    /// <param name="mayBeEmpty">Whether NOERROR and NXDOMAIN, too, may have no question.</param>
    public static AnswerMatch Match(ReadOnlySpan<byte> response, ReadOnlySpan<byte> question, bool mayBeEmpty = false)
    {
        if (response.Length < Header.Size)
        {
            return AnswerMatch.TooShort;
        }

        if (!Header.IsResponse(response))
        {
            return AnswerMatch.NotAResponse;
        }

        int count = Header.QuestionCount(response);
        if (count == 0)
        {
            return !mayBeEmpty && Header.Rcode(response) is (Rcode.NoError or Rcode.NXDomain)
                ? AnswerMatch.WrongQuestion
                : AnswerMatch.Matches;
        }

        if (count != 1 || question.Length <= Query.TypeAndClassSize)
        {
            return AnswerMatch.WrongQuestion;
        }

        ReadOnlySpan<byte> rest = response[Header.Size..];
        if (rest.Length < question.Length)
        {
            return AnswerMatch.WrongQuestion;
        }

        int nameLength = question.Length - Query.TypeAndClassSize;
        return MemoryMarshal.Read<uint>(rest[nameLength..]) == MemoryMarshal.Read<uint>(question[nameLength..]) &&
            Names.EqualsIgnoreCase(rest[..nameLength], question[..nameLength])
            ? AnswerMatch.Matches
            : AnswerMatch.WrongQuestion;
    }

    private static int UpperRcode(ReadOnlySpan<byte> response) =>
        Header.AdditionalCount(response) > 0 && MessageMap.TryWalk(response, response.Length, out MessageMap map) && map.HasOpt
            ? response[map.OptOffset + OptRecord.UpperRcodeOffset]
            : 0;
}
