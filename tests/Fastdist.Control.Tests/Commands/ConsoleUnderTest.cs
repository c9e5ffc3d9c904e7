using System;
using System.Threading.Channels;
using Fastdist.Control.Commands;
using Fastdist.Control.Configuration;
using Fastdist.Control.Figures;
using Fastdist.Proxy.Counters;
using Fastdist.Settings;
using Fastdist.Settings.Tables;

namespace Fastdist.Control.Tests.Commands;

/// <summary>The console's commands before a <see cref="FakeProxy"/> with the frontends and servers that dnsdist had when its vectors were taken.</summary>
internal sealed class ConsoleUnderTest : IDisposable
{
    private readonly ProcessScripts _commands;
    private readonly Channel<Note> _said = Channel.CreateUnbounded<Note>();

    public ConsoleUnderTest()
    {
        Udp = Proxy.AddFrontend("127.0.0.1:5900", isUdp: true);
        Tcp = Proxy.AddFrontend("127.0.0.1:5900");
        Dot = Proxy.AddFrontend("127.0.0.1:5901", new TlsFrontendOptions(), mostConnections: 2);
        Doh = Proxy.AddFrontend("127.0.0.1:5902", new TlsFrontendOptions(), new DohFrontendOptions());
        OtherDot = Proxy.AddFrontend("127.0.0.1:5903", new TlsFrontendOptions());
        Proxy.AddBackend("127.0.0.1:5911").Shared.IsUp = false;
        Proxy.AddBackend("127.0.0.1:5912", "a-name-longer-than-twenty-characters");
        Proxy.AddBackend("[::1]:5913", "six", o => o with { HealthCheckMode = HealthCheckMode.Down });
        Proxy.AddBackend("127.0.0.1:5910", "home", o => o with { HealthCheckMode = HealthCheckMode.Up, Qps = 100, Order = 2, Weight = 3 });
        var actor = new Operator(Proxy, new OperatorServices
        {
            Version = "1.2.3",
            Rates = Rates,
            ReloadConfiguration = () => Reloads++,
            Shutdown = () => HasEnded = true,
        });
        _commands = new ProcessScripts(actor, Proxy, configuration: null, note => _said.Writer.TryWrite(note), TimeProvider.System);
    }

    public FakeProxy Proxy { get; } = new();

    public Rates Rates { get; } = new();

    public FrontendCounters[] Udp { get; }

    public FrontendCounters[] Tcp { get; }

    public FrontendCounters[] Dot { get; }

    public FrontendCounters[] Doh { get; }

    public FrontendCounters[] OtherDot { get; }

    public bool HasEnded { get; private set; }

    public int Reloads { get; private set; }

    /// <summary>What went to the log, as it comes there.</summary>
    public ChannelReader<Note> Said => _said.Reader;

    public void Dispose() => _commands.Dispose();

    /// <summary>The configuration is read again; there is none.</summary>
    public void ReadAgain() => _commands.Replace(null);

    public string Execute(string line) => _commands.Execute(line);

    /// <summary>Runs a command that fails.</summary>
    /// <returns>The message.</returns>
    public string Refusal(string line)
    {
        string reply = Execute(line);
        Xunit.Assert.StartsWith("Error: ", reply, StringComparison.Ordinal);
        Xunit.Assert.EndsWith("\n", reply, StringComparison.Ordinal);
        return reply["Error: ".Length..^1];
    }
}
