using System;
using System.Linq;
using Fastdist.Proxy;

namespace Fastdist.Options;

/// <summary>The options of <c>--local</c>, named as in dnsdist's addLocal.</summary>
internal static class FrontendOptionTable
{
    public static readonly OptionTable<FrontendOptions> Table = new(
        new("maxInFlight", "N", "100", "queries", "in flight for one TCP connection; more are left unread", (o, v) => o with { MaxInFlight = Values.Integer(v, 1, 65535) }),
        new("tcpListenQueueSize", "N", "4096", "connections", "in the listen(2) backlog, clamped by net.core.somaxconn", (o, v) => o with { TcpListenQueueSize = Values.Integer(v, 1, int.MaxValue) }));

    /// <summary>Reads <c>ADDR[:PORT][,option=value...]</c>.</summary>
    public static FrontendOptions Parse(string text)
    {
        string where = $"--local '{text}'";
        string[] words = text.Split(',');
        FrontendOptions options;
        try
        {
            options = new FrontendOptions { Address = Values.EndPoint(words[0], 53) };
        }
        catch (FormatException exception)
        {
            throw new OptionException($"{where}: {exception.Message}");
        }

        foreach (string word in words.Skip(1))
        {
            int equals = word.IndexOf('=', StringComparison.Ordinal);
            options = equals > 0 ? Table.Apply(options, word[..equals], word[(equals + 1)..], where)
                : throw new OptionException($"{where}: '{word}' is not option=value");
        }

        return options;
    }
}
