using System;
using System.Globalization;
using System.Linq;

namespace Fastdist.LoadComparison;

/// <summary>What a run of handshakes came to.</summary>
internal readonly record struct HandshakeCount(double Completed, double Resumed, double Failed, double Seconds);

/// <summary>What a client at a steady rate saw; a lost query is one without an answer for five seconds.</summary>
internal readonly record struct SteadyResult(double Asked, double Lost, double P50Milliseconds, double P99Milliseconds, double MaxMilliseconds);

/// <summary>The C clients of perf/floor, for what dnsperf does not do: shake hands over and over, keep time, keep silent.</summary>
internal sealed class TlsClients(Settings settings)
{
    private const int Sigusr1 = 10;

    // Ten thousand handshakes one after another take half a minute on a busy machine.
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    private readonly string _handshakes = FloorPrograms.Build(settings, "handshakes");
    private readonly string _hold = FloorPrograms.Build(settings, "hold");
    private readonly string _steady = FloorPrograms.Build(settings, "steady");

    /// <summary>Connects, shakes hands and closes for the seconds, on as many connections at once.</summary>
    public HandshakeCount Handshakes(int port, int seconds, bool resumed, int concurrency) =>
        Count(Child.Output(_handshakes, HandshakeArguments(port, seconds, resumed, concurrency)));

    /// <summary>Starts a flood of new handshakes that gives way to everything else, as one from other machines would.</summary>
    public Child StartFlood(int port, int seconds, int concurrency) =>
        Child.Start("nice", ["-n", "10", _handshakes, .. HandshakeArguments(port, seconds, resumed: false, concurrency)]);

    /// <summary>Waits for the end of a flood.</summary>
    public static HandshakeCount AwaitEnd(Child flood) => Count(flood.AwaitLine("completed=", Patience));

    /// <summary>One established client; <paramref name="whenReady"/> is called when it is, a second before its queries count.</summary>
    public SteadyResult Steady(int port, int seconds, int rate, Action? whenReady = null)
    {
        using var client = Child.Start(_steady, "127.0.0.1", Text(port), Text(seconds), Text(rate));
        client.AwaitLine("ready", Patience);
        whenReady?.Invoke();
        var line = client.AwaitLine("asked=", Patience);
        return new SteadyResult(Figure(line, "asked"), Figure(line, "lost"), Figure(line, "p50"), Figure(line, "p99"), Figure(line, "max"));
    }

    /// <summary>Opens connections that ask once and then keep silent until the child is ended; tells how many did get an answer.</summary>
    public Child Hold(int port, int connections, out int opened)
    {
        var holder = Child.Start(_hold, "127.0.0.1", Text(port), Text(connections));
        opened = (int)Figure(holder.AwaitLine("opened=", Patience), "opened");
        return holder;
    }

    /// <summary>Asks over every connection held, and tells how many answered.</summary>
    public static int AskAgain(Child holder)
    {
        var first = holder.LineCount;
        holder.Signal(Sigusr1);
        return (int)Figure(holder.AwaitLine("answered=", Patience, first), "answered");
    }

    private static string[] HandshakeArguments(int port, int seconds, bool resumed, int concurrency) =>
        ["127.0.0.1", Text(port), Text(seconds), resumed ? "resumed" : "new", Text(concurrency)];

    private static HandshakeCount Count(string line) =>
        new(Figure(line, "completed"), Figure(line, "resumed"), Figure(line, "failed"), Figure(line, "seconds"));

    private static double Figure(string line, string key) => line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)
        .Where(word => word.StartsWith(key + "=", StringComparison.Ordinal))
        .Select(word => double.Parse(word[(key.Length + 1)..], CultureInfo.InvariantCulture))
        .First();

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
