using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading.Tasks;

namespace Fastdist.Integration.Tests.Harness;

/// <summary>The ways a backend can behave.</summary>
internal static class Rogue
{
    /// <summary>The one that is not rogue: answers each query as it comes.</summary>
    public static Task Answers(RogueSession session) => AnswersWith(query => [Message.Answer(query)])(session);

    /// <summary>Sends these messages, if any, in reply to each query.</summary>
    public static Func<RogueSession, Task> AnswersWith(Func<byte[], byte[][]> replies) => async session =>
    {
        await foreach (byte[] query in session.QueriesAsync())
        {
            await session.AnswerAsync(replies(query));
        }
    };

    public static Task Never(RogueSession session) => AnswersWith(_ => [])(session);

    /// <summary>Takes queries at once and answers when the gate opens.</summary>
    public static Func<RogueSession, Task> AnswersAfter(Task gate) => async session =>
    {
        var waiting = new List<Task>();
        await foreach (byte[] query in session.QueriesAsync())
        {
            waiting.Add(LaterAsync(query));
        }

        await Task.WhenAll(waiting);

        async Task LaterAsync(byte[] query)
        {
            await gate.WaitAsync(session.Stopping);
            await session.AnswerAsync(Message.Answer(query));
        }
    };

    /// <summary>Gathers this many queries, then answers the last first.</summary>
    public static Func<RogueSession, Task> AnswersBackwards(int count) => async session =>
    {
        var gathered = new List<byte[]>();
        await foreach (byte[] query in session.QueriesAsync())
        {
            gathered.Add(query);
            if (gathered.Count == count)
            {
                await session.AnswerAsync([.. Enumerable.Reverse(gathered).Select(one => Message.Answer(one))]);
                gathered.Clear();
            }
        }
    };

    /// <summary>Answers all but these names, as if it had not heard them.</summary>
    public static Func<RogueSession, Task> Drops(Func<string, bool> isDropped) =>
        AnswersWith(query => isDropped(Message.Name(query)) ? [] : [Message.Answer(query)]);

    /// <summary>Answers this many queries, then is gone: what comes later, or lies unread, the kernel answers with a reset.</summary>
    /// <param name="answers">How many.</param>
    /// <param name="saysSo">Whether close_notify and the end of the stream come first.</param>
    public static Func<RogueSession, Task> ClosesAfter(int answers, bool saysSo) => async session =>
    {
        await AnswerAsync(session, answers);
        if (saysSo)
        {
            await session.CloseAsync();
        }
    };

    /// <summary>Answers this many queries, and the one that follows with a reset, unread.</summary>
    public static Func<RogueSession, Task> ResetsAfter(int answers) => async session =>
    {
        await AnswerAsync(session, answers);
        await session.UnreadAsync();
    };

    /// <summary>Answers one query, then closes as a good server does.</summary>
    public static async Task ClosesAfterEachAnswer(RogueSession session)
    {
        if (await session.ReadQueryAsync() is { } query)
        {
            await session.AnswerAsync(Message.Answer(query));
            await session.CloseAsync();
            await session.ReadQueryAsync();
        }
    }

    /// <summary>Resets the connection on the first query.</summary>
    public static async Task ResetsOnQuery(RogueSession session)
    {
        if (await session.ReadQueryAsync() is not null)
        {
            session.Reset();
        }
    }

    /// <summary>Closes cleanly on the first query, unanswered.</summary>
    public static async Task ClosesOnQuery(RogueSession session)
    {
        if (await session.ReadQueryAsync() is not null)
        {
            await session.CloseAsync();
        }
    }

    /// <summary>Takes the connection and never reads from it.</summary>
    public static Task Silent(RogueSession session) => session.SilenceAsync();

    private static async Task AnswerAsync(RogueSession session, int count)
    {
        for (int i = 0; i < count && await session.ReadQueryAsync() is { } query; i++)
        {
            await session.AnswerAsync(Message.Answer(query));
        }
    }
}
