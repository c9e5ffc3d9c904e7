using System;
using System.Collections.Generic;
using System.Linq;
using CsCheck;
using Fastdist.Fuzz.Http;
using Xunit;

namespace Fastdist.Http.Tests;

public class SplitTests
{
    // Small enough for the conversations to reach the bounds.
    private static readonly Http2Options s_options = new() { MaxBodySize = 200, MaxControlFrames = 20 };

    public static IEnumerable<TheoryDataRow<string>> Names() => Conversations.Named.Keys.Select(name => new TheoryDataRow<string>(name));

    [Theory]
    [MemberData(nameof(Names))]
    public void Byte_by_byte_it_is_the_same_conversation(string name)
    {
        byte[] conversation = Conversations.Named[name];
        Same(Talk([conversation], 65_536), Talk(conversation.Chunk(1), 1));
    }

    [Fact]
    public void Split_anywhere_and_sent_in_pieces_of_any_size_it_is_the_same_conversation() =>
        Gen.Select(Gen.Int[0, Conversations.All.Count - 1], Gen.Int[0, 1000].Array[0, 8], Gen.Int[1, 300]).Sample((index, splits, piece) =>
        {
            byte[] conversation = Conversations.All[index];
            int[] bounds = [0, .. splits.Select(split => split % (conversation.Length + 1)).Order(), conversation.Length];
            Same(Talk([conversation], 65_536), Talk(bounds.Zip(bounds.Skip(1), (from, to) => conversation[from..to]), piece));
        });

    /// <summary>Gives the pieces, answers what they asked in their order, and asks for what there is to send at the very end.</summary>
    private static (List<Request> Requests, string Output, Http2End End) Talk(IEnumerable<byte[]> pieces, int sendPiece)
    {
        using var connection = Connection.Silent(s_options);
        List<Request> requests = [];
        foreach (byte[] piece in pieces)
        {
            connection.Give(piece);
        }

        requests.AddRange(connection.TakeAll());
        foreach (Request request in requests)
        {
            Assert.True(connection.Answer(request.StreamId, [.. Enumerable.Repeat((byte)request.StreamId, 50)]));
        }

        string output = Convert.ToHexString(connection.Drain(sendPiece));
        return (requests, output, connection.Session.End);
    }

    private static void Same((List<Request> Requests, string Output, Http2End End) one, (List<Request> Requests, string Output, Http2End End) other)
    {
        Assert.Equal(one.Requests, other.Requests);
        Assert.Equal(one.Output, other.Output);
        Assert.Equal(one.End, other.End);
    }
}
