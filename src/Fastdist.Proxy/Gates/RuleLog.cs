using System;
using Fastdist.Dns;
using Fastdist.Proxy.Machines;
using Fastdist.Ring;
using Fastdist.Rules.Actions;
using Fastdist.Rules.Selectors;
using Microsoft.Extensions.Logging;

namespace Fastdist.Proxy.Gates;

/// <summary>Writes the lines of rules that log.</summary>
/// <param name="shard">Whose rules they are.</param>
internal sealed class RuleLog(ShardContext shard)
{
    /// <summary>Writes one about a query.</summary>
    public void Query(LogAction action, ReadOnlySpan<byte> message, int questionEnd, in SocketAddress client)
    {
        if (action.Sink is { } sink)
        {
            sink.Write(shard.Id, message, questionEnd, in client, isAnswer: false);
        }
        else if (!action.Options.IsVerboseOnly || shard.Log.IsEnabled(LogLevel.Debug))
        {
            (string name, string type) = QuestionOf(message, questionEnd);
            shard.Log.PacketSeen(client.ToEndPoint(), name, type, Header.Id(message));
        }
    }

    /// <summary>Writes one about an answer.</summary>
    public void Answer(LogAction action, ReadOnlySpan<byte> message, int questionEnd, in SocketAddress client)
    {
        if (action.Sink is { } sink)
        {
            sink.Write(shard.Id, message, questionEnd, in client, isAnswer: true);
        }
        else if (!action.Options.IsVerboseOnly || shard.Log.IsEnabled(LogLevel.Debug))
        {
            (string name, string type) = QuestionOf(message, questionEnd);
            shard.Log.AnswerSeen(client.ToEndPoint(), name, type, RcodeTexts.Of((int)Header.Rcode(message)), Header.Id(message));
        }
    }

    private static (string Name, string Type) QuestionOf(ReadOnlySpan<byte> message, int questionEnd) =>
        (Names.ToText(Dns.Query.NameOf(message, questionEnd)), RecordTypes.ToText(Dns.Query.TypeOf(message, questionEnd)));
}
