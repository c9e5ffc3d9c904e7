using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading.Tasks;

namespace Fastdist.Integration.Tests.Harness;

/// <summary>A client of a transport that frames messages by their length (RFC 1035 section 4.2.2).</summary>
internal abstract class DnsStreamClient
{
    /// <summary>Whatever bytes a test wants sent.</summary>
    public abstract Task SendRawAsync(byte[] bytes);

    /// <summary>The next message, or null when the server has closed.</summary>
    public abstract Task<byte[]?> ReceiveRawAsync();

    /// <summary>All of these messages in one write; over TLS in one record, as far as they fit.</summary>
    public Task SendAsync(params byte[][] messages) => SendRawAsync(Message.Framed(messages));

    public async Task<ParsedMessage> ReceiveAsync() =>
        await ReceiveRawAsync() is { } message
            ? ParsedMessage.Parse(message)
            : throw new InvalidOperationException("the server closed instead of answering");

    public async Task<ParsedMessage> AskAsync(byte[] query)
    {
        await SendAsync(query);
        return await ReceiveAsync();
    }

    /// <summary>Each name after the answer to the one before.</summary>
    public async Task<List<ParsedMessage>> AskEachAsync(IEnumerable<string> names)
    {
        var answers = new List<ParsedMessage>();
        foreach (string name in names)
        {
            answers.Add(await AskAsync(Message.Query(name, id: answers.Count)));
        }

        return answers;
    }

    /// <summary>All names in one write.</summary>
    public async Task<List<ParsedMessage>> AskTogetherAsync(IEnumerable<string> names)
    {
        byte[][] queries = [.. names.Select((name, id) => Message.Query(name, id: id))];
        await SendAsync(queries);
        return [.. (await ReceiveManyAsync(queries.Length)).Values];
    }

    /// <summary>This many answers, by their IDs.</summary>
    public async Task<Dictionary<int, ParsedMessage>> ReceiveManyAsync(int count)
    {
        var answers = new Dictionary<int, ParsedMessage>();
        while (answers.Count < count)
        {
            ParsedMessage answer = await ReceiveAsync();
            answers.Add(answer.Id, answer);
        }

        return answers;
    }

    /// <summary>Waits until the server has closed, cleanly or by reset; an answer before that is an error.</summary>
    public async Task UntilClosedAsync()
    {
        if (await ReceiveRawAsync() is { } message)
        {
            throw new InvalidOperationException($"an answer of {message.Length} bytes where the end was expected");
        }
    }
}
