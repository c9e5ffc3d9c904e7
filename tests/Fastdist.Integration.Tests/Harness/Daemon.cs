using System;
using System.Net;
using System.Net.Sockets;
using System.Threading.Tasks;

namespace Fastdist.Integration.Tests.Harness;

/// <summary>A real name server that answers over DNS-over-TLS, unless it says otherwise, and that a test may kill, stop and start again.</summary>
internal abstract class Daemon(string name, IPEndPoint endPoint, string[] command, NetworkNamespace? network) : IAsyncDisposable
{
    private ChildProcess? _process;

    /// <summary>Its name in fastdist's options and log.</summary>
    public string Name => name;

    public IPEndPoint EndPoint => endPoint;

    /// <summary>Over which of the <see cref="Exchanges"/> it is asked.</summary>
    public virtual string Transport => "dot";

    public ChildProcess Process => _process ?? throw new InvalidOperationException($"{name} was never started");

    public async Task StartAsync()
    {
        _process = network is null ? new ChildProcess(command) : network.Start(command);
        await Patience.UntilAsync(Accepts, $"{_process.Command} to listen on {endPoint}");
    }

    /// <summary>Ends the daemon and its children at once, as a crash of the host would.</summary>
    public async Task KillAsync()
    {
        SignalAll(LinuxSignal.Kill);
        await Process.ExitAsync();
    }

    /// <summary>Signals the daemon and its children; stopped, it takes packets and does nothing.</summary>
    public void SignalAll(LinuxSignal signal)
    {
        foreach (int process in ProcessTable.Family(Process.Id))
        {
            LinuxSignals.Send(process, signal);
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (!Process.HasExited)
        {
            await KillAsync();
        }

        await Process.DisposeAsync();
    }

    private bool Accepts()
    {
        if (Process.HasExited)
        {
            throw new InvalidOperationException($"{Process.Command} ended:\n{Process.Log}");
        }

        using Socket socket = network is null ? NewSocket() : network.Enter(NewSocket);
        try
        {
            socket.Connect(endPoint);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }

        Socket NewSocket() => new(endPoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
    }
}
