using System;
using System.Net;
using Fastdist.Control.Configuration;
using Fastdist.Control.Consoles;
using Fastdist.Control.Secrets;
using Fastdist.Settings;
using Fastdist.Settings.Tables;
using Fastdist.Tls;

namespace Fastdist.Options;

/// <summary>What the settings of the console come to once its key is read: a console to offer, or one to be the client of.</summary>
internal static class ConsoleRoles
{
    /// <summary>Holds the key when the command line, which every user of the host can read, does not.</summary>
    private const string KeyVariable = "FASTDIST_CONSOLE_KEY";

    extension(ConsoleSettings settings)
    {
        /// <summary>The console to offer; null for none.</summary>
        /// <param name="warn">Told of a key file that others may read.</param>
        /// <exception cref="OptionException">It cannot be so.</exception>
        /// <exception cref="TlsConfigurationException">The key file cannot be read.</exception>
        public ConsoleOptions? ToServer(Action<string> warn)
        {
            if (settings.ControlSocket is null)
            {
                return UnusedFlag(settings) is { } unused
                    ? throw new OptionException($"{unused}: there is no console for it; offer one with --control-socket, or be the client of one with --client")
                    : null;
            }

            SharedKey? key = settings.ControlSocket is IPEndPoint ? ReadKey(settings, warn) : null;
            if (settings.ControlSocket is IPEndPoint && key is null)
            {
                throw new OptionException(
                    $"--control-socket {settings.ControlSocket}: a console over TCP needs a key: --setkey-file FILE, --setkey BASE64, or {KeyVariable} in the environment; make one with: fastdist -e 'makeKey()'");
            }

            var options = new ConsoleOptions
            {
                Address = settings.ControlSocket,
                Key = key,
                MaxConnections = settings.MaxConnections,
                LogConnections = settings.LogConnections,
                MaxReply = settings.MaxReply,
            };
            return options with { Acl = Values.Networks("--console-acl", settings.Acl, options.Acl) };
        }

        /// <summary>The console to talk to, and what about. To read the key throws what the server's throws.</summary>
        public ConsoleClientOptions ToClient()
        {
            var options = new ConsoleClientOptions
            {
                ReadKey = () => ReadKey(settings, static _ => { }),
                ExecuteLocally = ProcessScripts.ExecuteLocally,
                Command = settings.Command,
                MaxReply = settings.MaxReply,
            };
            return settings.Peer is null ? options : options with { Address = settings.Peer };
        }
    }

    /// <summary>A flag of the server's console; the key in the environment may be there for clients.</summary>
    private static string? UnusedFlag(ConsoleSettings settings) =>
        settings.Key.Length > 0 ? "--setkey"
        : settings.KeyFile.Length > 0 ? "--setkey-file"
        : settings.Acl.Count > 0 ? "--console-acl"
        : settings.MaxConnections != ConsoleSettings.DefaultMaxConnections ? "--console-max-connections"
        : settings.LogConnections ? "--console-connections-logging"
        : settings.MaxReply != ConsoleSettings.DefaultMaxReply ? "--console-output-max-msg-size"
        : null;

    private static SharedKey? ReadKey(ConsoleSettings settings, Action<string> warn)
    {
        string key = settings.Key;
        if (settings.KeyFile.Length > 0)
        {
            return key.Length == 0
                ? SecretText.Read("--setkey-file", settings.KeyFile, SharedKey.Parse, warn)
                : throw new OptionException("--setkey and --setkey-file both give the console's key: leave one of them out");
        }

        string? text = key.Length > 0 ? key : Environment.GetEnvironmentVariable(KeyVariable);
        try
        {
            return string.IsNullOrEmpty(text) ? null : SharedKey.Parse(text);
        }
        catch (FormatException exception)
        {
            throw new OptionException($"{(key.Length > 0 ? "--setkey" : KeyVariable)}: {exception.Message}");
        }
    }
}
