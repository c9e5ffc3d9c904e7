using System;
using System.Collections.Generic;
using System.Net;
using Fastdist.Control.Commands;
using Fastdist.Control.Consoles;
using Fastdist.Control.Secrets;
using Fastdist.Settings;
using Fastdist.Settings.Tables;
using Fastdist.Tls;

namespace Fastdist.Options;

/// <summary>What the command line said of the console, as server and as client.</summary>
internal sealed record ConsoleSettings
{
    /// <summary>Holds the key when the command line, which every user of the host can read, does not.</summary>
    private const string KeyVariable = "FASTDIST_CONSOLE_KEY";

    private const int DefaultMaxConnections = 100;

    public EndPoint? ControlSocket { get; init; }

    public string Key { get; init; } = "";

    public string KeyFile { get; init; } = "";

    public IReadOnlyList<string> Acl { get; init; } = [];

    public int MaxConnections { get; init; } = DefaultMaxConnections;

    /// <summary>We are to be the client of a console.</summary>
    public bool IsClient { get; init; }

    /// <summary>The console to be a client of.</summary>
    public EndPoint? Peer { get; init; }

    public string? Command { get; init; }

    /// <summary>The console to offer; null for none.</summary>
    /// <param name="warn">Told of a key file that others may read.</param>
    /// <exception cref="OptionException">It cannot be so.</exception>
    /// <exception cref="TlsConfigurationException">The key file cannot be read.</exception>
    public ConsoleOptions? ToServer(Action<string> warn)
    {
        if (ControlSocket is null)
        {
            return UnusedFlag is { } unused
                ? throw new OptionException($"{unused}: there is no console for it; offer one with --control-socket, or be the client of one with --client")
                : null;
        }

        SharedKey? key = ControlSocket is IPEndPoint ? ReadKey(warn) : null;
        if (ControlSocket is IPEndPoint && key is null)
        {
            throw new OptionException(
                $"--control-socket {ControlSocket}: a console over TCP needs a key: --setkey-file FILE, --setkey BASE64, or {KeyVariable} in the environment; make one with: fastdist -e 'makeKey()'");
        }

        var options = new ConsoleOptions { Address = ControlSocket, Key = key, MaxConnections = MaxConnections };
        if (Acl.Count == 0)
        {
            return options;
        }

        return NetmaskSet.TryParse(Acl, out NetmaskSet acl, out string offending)
            ? options with { Acl = acl }
            : throw new OptionException($"--console-acl {offending}: expected a network such as 192.0.2.0/24 or 2001:db8::/32");
    }

    /// <summary>The console to talk to, and what about. To read the key throws what <see cref="ToServer"/> throws.</summary>
    public ConsoleClientOptions ToClient()
    {
        var options = new ConsoleClientOptions { ReadKey = () => ReadKey(static _ => { }), ExecuteLocally = ConsoleCommands.ExecuteLocally, Command = Command };
        return Peer is null ? options : options with { Address = Peer };
    }

    /// <summary>A flag of the server's console; the key in the environment may be there for clients.</summary>
    private string? UnusedFlag =>
        Key.Length > 0 ? "--setkey"
        : KeyFile.Length > 0 ? "--setkey-file"
        : Acl.Count > 0 ? "--console-acl"
        : MaxConnections != DefaultMaxConnections ? "--console-max-connections"
        : null;

    private SharedKey? ReadKey(Action<string> warn)
    {
        if (KeyFile.Length > 0)
        {
            return Key.Length == 0
                ? SecretText.Read("--setkey-file", KeyFile, SharedKey.Parse, warn)
                : throw new OptionException("--setkey and --setkey-file both give the console's key: leave one of them out");
        }

        string? text = Key.Length > 0 ? Key : Environment.GetEnvironmentVariable(KeyVariable);
        try
        {
            return string.IsNullOrEmpty(text) ? null : SharedKey.Parse(text);
        }
        catch (FormatException exception)
        {
            throw new OptionException($"{(Key.Length > 0 ? "--setkey" : KeyVariable)}: {exception.Message}");
        }
    }
}
