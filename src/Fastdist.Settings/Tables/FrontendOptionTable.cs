using System;
using System.Linq;
using System.Net;

namespace Fastdist.Settings.Tables;

/// <summary>The options of <c>--local</c>, named as in dnsdist's addLocal.</summary>
public static class FrontendOptionTable
{
    /// <summary>What every frontend has.</summary>
    internal static readonly OptionEntry<FrontendOptions>[] Common =
    [
        new("maxInFlight", "N", "100", "queries", "in flight for one TCP or TLS connection; more are left unread; 0 is one at a time", o => o.MaxInFlight, (o, v) => o with { MaxInFlight = Math.Max(Values.Integer(v, 0, 65535), 1) }),
        new("maxConcurrentTCPConnections", "N", "0", "connections", "at once; more are closed at accept; 0 is no limit", o => o.MaxConcurrentTcpConnections, (o, v) => o with { MaxConcurrentTcpConnections = Values.Integer(v, 0, 1 << 20) }),
        new("tcpListenQueueSize", "N", "4096", "connections", "in the listen(2) backlog, clamped by net.core.somaxconn", o => o.TcpListenQueueSize, (o, v) => o with { TcpListenQueueSize = Values.Integer(v, 1, int.MaxValue) }),
        new("tcpFastOpenQueueSize", "N", "0", "connections", "waiting that began with data in their SYN; 0 turns TCP Fast Open off", o => o.TcpFastOpenQueueSize, (o, v) => o with { TcpFastOpenQueueSize = Values.Integer(v, 0, 65535) }),
        new("pool", "NAME", "", "", "pool of servers that its queries go to; the default pool when none is given", o => o.Pool, (o, v) => o with { Pool = PoolNames.Read(v) }),
        new("interface", "NAME", "", "", "network interface to listen on only", o => Values.Text(o.Interface), (o, v) => o with { Interface = InterfaceName(v) }),
    ];

    /// <summary>All there are.</summary>
    public static readonly OptionTable<FrontendOptions> Table = new(Common);

    private static readonly IPEndPoint s_noAddress = new(IPAddress.None, 0);

    /// <summary>Reads <c>ADDR[:PORT][,option=value...]</c>.</summary>
    /// <exception cref="OptionException">It cannot be used.</exception>
    public static FrontendOptions Parse(string text) => Parse("--local", text, 53, Table, start => start);

    /// <summary>Reads an address and options.</summary>
    /// <param name="flag">For messages.</param>
    /// <param name="text">What was written.</param>
    /// <param name="port">When the address has none.</param>
    /// <param name="table">The options there are.</param>
    /// <param name="begin">Settings to begin with.</param>
    internal static FrontendOptions Parse(
        string flag, string text, int port, OptionTable<FrontendOptions> table, Func<FrontendOptions, FrontendOptions> begin)
    {
        string where = $"{flag} '{text}'";
        string[] words = text.Split(',');
        var problems = new Problems();
        IPEndPoint address = problems.Try(() => ReadAddress(words[0], port, where), s_noAddress);
        FrontendOptions start = begin(new FrontendOptions { Address = address });
        FrontendOptions options = problems.Try(() => table.Apply(start, words.Skip(1), where), start);
        problems.ThrowIfAny();
        return options;
    }

    private static string InterfaceName(string text)
    {
        // IFNAMSIZ, without the terminating zero.
        const int Longest = 15;
        return text.Length is > 0 and <= Longest && !text.Contains('/') ? text : throw new FormatException($"expected the name of a network interface, {Longest} characters at most");
    }

    private static IPEndPoint ReadAddress(string text, int port, string where)
    {
        try
        {
            return Values.EndPoint(text, port);
        }
        catch (FormatException exception)
        {
            throw new OptionException($"{where}: {exception.Message}");
        }
    }
}
