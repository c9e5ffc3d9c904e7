using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;

namespace Fastdist.Integration.Tests.Harness;

/// <summary>One printing of fastdist's counters: a line is a kind of thing and its keys and values.</summary>
internal sealed class Counters
{
    private readonly List<CounterLine> _lines;

    public Counters(IEnumerable<string> log) =>
        _lines =
        [
            .. from line in log
               let at = line.IndexOf("stats ", StringComparison.Ordinal)
               where at >= 0
               let words = line[(at + 6)..].Split(' ', StringSplitOptions.RemoveEmptyEntries)
               where words.Length > 1
               select new CounterLine(words[0], words.Skip(1)),
        ];

    public CounterLine Process => Of("process").Single();

    public CounterLine Console => Of("console").Single();

    public CounterLine[] Shards => Of("shard");

    public CounterLine[] Frontends => Of("frontend");

    public long Of(string protocol, string key) => FrontendSum(protocol, key);

    public long Udp(string key) => FrontendSum("UDP", key);

    public long Tcp(string key) => FrontendSum("TCP", key);

    public long Dot(string key) => FrontendSum("DoT", key);

    public long Doh(string key) => FrontendSum("DoH", key);

    public CounterLine DohFrontend => Of("frontend").Single(line => line.Text("protocol") == "DoH");

    /// <summary>How many handshakes failed, whatever for.</summary>
    public long FailedHandshakes => Of("frontend").Sum(line => line.Sum("handshake-"));

    /// <summary>Over both transports.</summary>
    public long Clients(string key) => Udp(key) + Tcp(key);

    public CounterLine Latency(string protocol) => Of("latency").Single(line => line.Text("protocol") == protocol);

    public CounterLine Backend(string name) => Of("backend").Single(line => line.Text("name") == name);

    private long FrontendSum(string protocol, string key)
    {
        CounterLine[] frontends = [.. Of("frontend").Where(line => line.Text("protocol") == protocol)];
        return frontends.Length > 0
            ? frontends.Sum(line => line[key])
            : throw new KeyNotFoundException($"no line 'stats frontend ... protocol={protocol}'");
    }

    private CounterLine[] Of(string kind) => [.. _lines.Where(line => line.Kind == kind)];
}

/// <summary>The counters of one thing.</summary>
internal sealed class CounterLine(string kind, IEnumerable<string> pairs)
{
    private readonly Dictionary<string, string> _values = pairs
        .Select(pair => pair.Split('=', 2))
        .Where(pair => pair.Length == 2)
        .ToDictionary(pair => pair[0], pair => pair[1]);

    public string Kind => kind;

    public long this[string key] => long.Parse(Text(key), CultureInfo.InvariantCulture);

    /// <summary>All counters whose names begin so.</summary>
    public long Sum(string prefix) =>
        _values.Keys.Where(key => key.StartsWith(prefix, StringComparison.Ordinal)).Sum(key => this[key]);

    public string Text(string key) => _values.TryGetValue(key, out string? value)
        ? value
        : throw new KeyNotFoundException($"{kind} has no counter '{key}'; it has {string.Join(", ", _values.Keys)}");
}
