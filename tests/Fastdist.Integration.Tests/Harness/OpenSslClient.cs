using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Net;
using System.Threading.Tasks;

namespace Fastdist.Integration.Tests.Harness;

/// <summary><c>openssl s_client</c>, kept open until told to end.</summary>
internal sealed class OpenSslClient : IAsyncDisposable
{
    /// <summary>
    /// A frame of 12 bytes that can be typed: a message with QR set (the letter is two bytes in UTF-8), which is
    /// counted as one and ends the connection.
    /// </summary>
    public const string TypedMessage = "\0\u000c\u0001\u0001\u00ffaaaaaaaa";

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

    /// <summary>Connects and ends once the handshake has.</summary>
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
        File.Delete(file);
        await using OpenSslClient client = await ConnectAsync(server, ["-sess_out", file, .. options]);
        // TLS 1.3 sends its ticket after the handshake, at a time of the server's own.
        await Patience.UntilAsync(
            () => File.Exists(file) && File.ReadAllText(file).Contains("-----END", StringComparison.Ordinal), "a session to keep");
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
