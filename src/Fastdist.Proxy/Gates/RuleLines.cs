using System.Net;
using Microsoft.Extensions.Logging;

namespace Fastdist.Proxy.Gates;

/// <summary>What rules say in the log: events 500 to 599.</summary>
internal static partial class RuleLines
{
    [LoggerMessage(500, LogLevel.Information, "Packet from {client} for {name} {type} with id {id}")]
    public static partial void PacketSeen(this ILogger log, IPEndPoint client, string name, string type, int id);

    [LoggerMessage(501, LogLevel.Information, "Answer to {client} for {name} {type} ({rcode}) with id {id}")]
    public static partial void AnswerSeen(this ILogger log, IPEndPoint client, string name, string type, string rcode, int id);

    [LoggerMessage(502, LogLevel.Warning, "a rule's script failed: {problem}")]
    public static partial void ScriptFailed(this ILogger log, string problem);
}
