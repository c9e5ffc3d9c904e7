using System;
using System.Collections.Generic;
using Fastdist.Http;

namespace Fastdist.Fuzz.Http;

/// <summary>
/// What must hold of a session for any bytes whatever: it goes on or ends, once and for good; answers to what it hands
/// out are taken; what it sends are whole frames; and nothing is held in the end.
/// </summary>
internal static class SessionInvariants
{
    private static readonly Http2Options s_options = new() { MaxConcurrentStreams = 4, MaxHeaderSize = 400, MaxBodySize = 200, MaxControlFrames = 20, MaxResets = 4 };
    private static readonly DohPaths s_paths = new(["/dns-query"], false);
    private static readonly byte[] s_body = new byte[300];

    /// <summary>Checks a conversation, split and answered in a way that follows from its bytes.</summary>
    internal static void Check(byte[] conversation)
    {
        int seed = conversation.Length;
        foreach (byte value in conversation)
        {
            seed = unchecked((seed * 31) + value);
        }

        Check(conversation, new Random(seed));
    }

    /// <param name="conversation">What the peer says.</param>
    /// <param name="random">Where it is split, when it is answered, and how much is sent at once.</param>
    internal static void Check(byte[] conversation, Random random)
    {
        using var pool = new Http2Pool();
        pool.SetDate(DateTimeOffset.UnixEpoch);
        List<byte> output = [];
        using (var session = new Http2Session(s_options, pool))
        {
            Talk(session, conversation, random, output);
            True(pool.HeldBytes >= 0, "held bytes are not negative");
            (long incomplete, long unsent) = session.Oldest();
            True(session.OpenStreams > 0 || (incomplete == long.MaxValue && unsent == long.MaxValue), "no stream, no age");
        }

        True(pool.HeldBytes == 0, "nothing is held in the end");
        CheckFrames([.. output]);
    }

    private static void Talk(Http2Session session, byte[] conversation, Random random, List<byte> output)
    {
        Queue<int> asked = new();
        for (int at = 0; at < conversation.Length;)
        {
            int count = Math.Min(conversation.Length - at, random.Next(2) == 0 ? 1 + random.Next(4) : 1 + random.Next(600));
            bool wasOver = session.IsOver;
            bool next = session.Receive(conversation.AsSpan(at, count), at);
            True(!(wasOver && next), "what is over does not begin again");
            True(next != session.IsOver, "what is received says whether it is over");
            True(next || session.End != Http2End.None, "an end has a reason");
            at += count;
            Take(session, asked);
            Answer(session, asked, random, at);
            if (random.Next(3) == 0)
            {
                Send(session, random, output);
            }
        }

        while (asked.Count > 0)
        {
            Answer(session, asked, random, conversation.Length);
        }

        Send(session, random, output);
        True(!session.HasOutput, "what it has to send is asked for to the end");
        True(!session.IsOver || session.IsSettled, "what is over and has sent everything is settled");
    }

    private static void Take(Http2Session session, Queue<int> asked)
    {
        Span<byte> scratch = stackalloc byte[s_options.MaxHeaderSize];
        while (session.TryTake(out HttpRequest request))
        {
            int status = s_paths.Read(in request, scratch, out ReadOnlySpan<byte> message);
            True(status != HttpStatus.Ok || !message.IsEmpty, "there is a message when there is said to be");
            True(request.Body.Length <= s_options.MaxBodySize && request.Target.Length <= s_options.MaxHeaderSize, "the bounds hold");
            asked.Enqueue(request.StreamId);
        }
    }

    private static void Answer(Http2Session session, Queue<int> asked, Random random, long now)
    {
        if (asked.Count > 0 && random.Next(2) == 0)
        {
            int stream = asked.Dequeue();
            session.Respond(stream, new HttpResponse(HttpStatus.Ok, HttpContent.DnsMessage, 1), s_body.AsSpan(0, random.Next(s_body.Length + 1)), now);
            True(!session.Respond(stream, new HttpResponse(HttpStatus.Ok, HttpContent.DnsMessage, 1), default, now), "an answer is given once");
        }
    }

    private static void Send(Http2Session session, Random random, List<byte> output)
    {
        Span<byte> buffer = stackalloc byte[200];
        for (int count = 1; count > 0;)
        {
            count = session.Send(buffer[..(1 + random.Next(buffer.Length))]);
            output.AddRange(buffer[..count]);
        }
    }

    private static void CheckFrames(ReadOnlySpan<byte> output)
    {
        while (!output.IsEmpty)
        {
            True(output.Length >= 9, "a frame has a header");
            int length = (output[0] << 16) | (output[1] << 8) | output[2];
            True(length <= 16_384 && output.Length >= 9 + length, "a frame is whole");
            output = output[(9 + length)..];
        }
    }

    private static void True(bool condition, string what)
    {
        if (!condition)
        {
            throw new InvalidOperationException($"does not hold: {what}");
        }
    }
}
