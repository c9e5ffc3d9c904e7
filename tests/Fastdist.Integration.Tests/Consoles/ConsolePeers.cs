using System;
using System.Collections.Generic;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Threading.Tasks;
using Fastdist.Integration.Tests.Harness;

namespace Fastdist.Integration.Tests.Consoles;

/// <summary>Consoles and their clients, fastdist's and Debian's dnsdist's.</summary>
internal static class ConsolePeers
{
    public static string NewKey() => Convert.ToBase64String(RandomNumberGenerator.GetBytes(32));

    /// <summary>fastdist with a console over TCP; what is asked of its backend does not matter.</summary>
    public static async Task<(FastdistProcess Process, IPEndPoint Console)> FastdistAsync(Lab lab, string key, params string[] arguments)
    {
        IPEndPoint console = Ports.Next();
        return (await StartAsync(lab, ["--control-socket", $"{console}", "--setkey", key, .. arguments]), console);
    }

    /// <summary>fastdist before a backend that is never asked.</summary>
    public static Task<FastdistProcess> StartAsync(Lab lab, params string[] arguments) =>
        lab.FastdistAsync(["--server", $"{Ports.Next()},tls=none,healthCheckMode=up", "--verbose", .. arguments]);

    /// <summary>dnsdist with a console, which knows what this Lua defines.</summary>
    public static async Task<IPEndPoint> DnsdistAsync(Lab lab, string key, string lua = "")
    {
        IPEndPoint console = Ports.Next();
        Forwarder dnsdist = await Forwarder.DnsdistAsync(lab, $"""
            controlSocket("{console}")
            setKey("{key}")
            {lua}
            """);
        await dnsdist.Process.Output.FirstAsync(line => line.Contains($"control connections on {console}", StringComparison.Ordinal), "that its console is there");
        return console;
    }

    /// <summary>A client that has exchanged nonces and may now be idle for ever.</summary>
    public static async Task<NetworkStream> ExchangeNoncesAsync(IPEndPoint console)
    {
        const int NonceSize = 24;
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(console);
        var stream = new NetworkStream(socket, ownsSocket: true);
        await stream.WriteAsync(new byte[NonceSize]);
        await Patience.ForAsync(stop => stream.ReadAtLeastAsync(new byte[NonceSize], NonceSize, cancellationToken: stop).AsTask(), "the server's nonce");
        return stream;
    }

    /// <summary>dnsdist as the client, for one command.</summary>
    public static Task<ChildProcess> AskWithDnsdistAsync(IPEndPoint console, string key, string command) =>
        ChildProcess.RunAsync("dnsdist", "-C", "/dev/null", "-k", key, "-c", $"{console}", "-e", command);

    /// <summary>fastdist as the client, for one command.</summary>
    public static Task<ChildProcess> AskWithFastdistAsync(string console, string key, string command) =>
        FastdistProcess.RunToEndAsync("-c", console, "-k", key, "-e", command);

    /// <summary>fastdist as the client, for these lines of input.</summary>
    public static async Task<ChildProcess> TypeIntoFastdistAsync(string[] arguments, IReadOnlyDictionary<string, string> environment, params string[] lines)
    {
        await using var process = new ChildProcess([Repository.Fastdist, .. arguments], environment, keepInput: true);
        foreach (string line in lines)
        {
            await process.TypeAsync(line);
        }

        await process.ExitAsync();
        return process;
    }
}
