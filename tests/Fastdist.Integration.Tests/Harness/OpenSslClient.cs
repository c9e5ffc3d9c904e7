using System;
using System.Collections.Generic;
using System.Linq;
using System.Net;
using System.Threading.Tasks;

namespace Fastdist.Integration.Tests.Harness;

/// <summary><c>openssl s_client</c>, kept open until told to end.</summary>
internal sealed class OpenSslClient : IAsyncDisposable
{
    private readonly ChildProcess _process;

    private OpenSslClient(ChildProcess process) => _process = process;

    /// <summary>What it printed so far, both streams.</summary>
    public string Text => $"{_process.Output}\n{_process.Log}";

    /// <summary>Whether the handshake came to its end.</summary>
    public bool IsConnected => Lines.Any(line => line.Contains(", Cipher is ", StringComparison.Ordinal) && !line.Contains("(NONE)", StringComparison.Ordinal));

    /// <summary>Whether an earlier session was resumed.</summary>
    public bool IsResumed => Lines.Any(line => line.StartsWith("Reused, ", StringComparison.Ordinal));

    private IEnumerable<string> Lines => _process.Output.Snapshot();

    /// <summary>Starts it and waits until the handshake has ended, well or not.</summary>
    public static async Task<OpenSslClient> ConnectAsync(IPEndPoint server, params string[] options)
    {
        var client = new OpenSslClient(new ChildProcess(
            ["openssl", "s_client", "-connect", $"{server}", .. options], keepInput: true));
        try
        {
            await client.PrintedAsync(", Cipher is ");
        }
        catch (InvalidOperationException)
        {
            // It ended before it could print a summary; the test sees that it is not connected.
        }

        return client;
    }

    /// <summary>Connects and ends once everything was printed, a session of TLS 1.3 included when the server sends one.</summary>
    public static async Task<OpenSslClient> RunAsync(IPEndPoint server, params string[] options)
    {
        await using OpenSslClient client = await ConnectAsync(server, options);
        if (client.IsConnected)
        {
            await client.PrintedAsync("Verify return code");
            await client.EndAsync();
        }

        return client;
    }

    /// <summary>Connects and keeps the session in a file, from which <c>-sess_in</c> resumes it.</summary>
    public static async Task<OpenSslClient> SaveSessionAsync(IPEndPoint server, string file, params string[] options)
    {
        await using OpenSslClient client = await ConnectAsync(server, ["-sess_out", file, .. options]);
        // TLS 1.3 sends its ticket after the handshake, TLS 1.2 within it.
        await client.PrintedAsync("TLS session ticket:");
        await client.PrintedAsync("Verify return code");
        await client.EndAsync();
        return client;
    }

    /// <summary>The first line that holds this, waited for.</summary>
    public Task<string> PrintedAsync(string what) =>
        _process.Output.FirstAsync(line => line.Contains(what, StringComparison.Ordinal), $"with '{what}'");

    /// <summary>The first line of its messages, as against its report, that holds this, waited for.</summary>
    public Task<string> SaidAsync(string what) =>
        _process.Log.FirstAsync(line => line.Contains(what, StringComparison.Ordinal), $"with '{what}'");

    /// <summary>Types a line; <c>R</c> renegotiates, <c>k</c> renews the keys, <c>Q</c> ends.</summary>
    public Task TypeAsync(string line) => _process.TypeAsync(line);

    public async Task<int> EndAsync()
    {
        await _process.TypeAsync("Q");
        return await _process.ExitAsync();
    }

    public Task<int> ExitAsync() => _process.ExitAsync();

    public ValueTask DisposeAsync() => _process.DisposeAsync();
}
