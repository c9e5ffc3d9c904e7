using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading.Tasks;

namespace Fastdist.Integration.Tests.Harness;

/// <summary>The lines that a process has printed, with a way to wait for the next one.</summary>
internal sealed class LineLog
{
    private readonly Watched _watched = new();
    private readonly List<string> _lines = [];

    public int Count => _watched.Read(() => _lines.Count);

    public string[] Snapshot(int from = 0) => _watched.Read<string[]>(() => [.. _lines.Skip(from)]);

    public override string ToString() => string.Join('\n', Snapshot());

    public void Add(string line) => _watched.Change(() => _lines.Add(line));

    /// <summary>No line will follow: whoever waits for one gives up.</summary>
    public void End() => _watched.End();

    /// <summary>The first line from <paramref name="from"/> on that is the wanted one, waited for.</summary>
    public Task<string> FirstAsync(Func<string, bool> wanted, string what, int from = 0) => _watched.FirstAsync(
        () => _lines.Skip(from).FirstOrDefault(wanted),
        () => $"the process ended without printing {what}; it printed:\n{this}",
        () => $"no line {what} within {Patience.Bound.TotalSeconds} s; printed so far:\n{this}");
}
