using System;
using System.Collections.Generic;
using System.Net;
using Fastdist.Control.Secrets;
using Fastdist.Control.Web;
using Fastdist.Settings;
using Fastdist.Settings.Tables;
using Fastdist.Tls;

namespace Fastdist.Options;

/// <summary>What the command line said about the web server.</summary>
internal sealed record WebSettings
{
    public IPEndPoint? Address { get; init; }

    public string PasswordFile { get; init; } = "";

    public string ApiKeyFile { get; init; } = "";

    public IReadOnlyList<string> Acl { get; init; } = [];

    /// <summary>Reads the secrets, which are in files so that the list of processes does not show them.</summary>
    /// <param name="warn">Told of files that others may read.</param>
    /// <returns>Null when no web server is wanted.</returns>
    /// <exception cref="OptionException">The flags make no sense together.</exception>
    /// <exception cref="TlsConfigurationException">A file cannot be used.</exception>
    public WebServerOptions? Load(Action<string> warn)
    {
        if (Address is null)
        {
            return PasswordFile.Length + ApiKeyFile.Length + Acl.Count == 0
                ? null
                : throw new OptionException("there are settings for a web server, but none is asked for: add --webserver ADDR:PORT");
        }

        if (PasswordFile.Length + ApiKeyFile.Length == 0)
        {
            throw new OptionException(
                $"--webserver {Address}: nobody could read it without a secret to show: add --webserver-password-file for the page and the metrics, --webserver-api-key-file for the API, or both");
        }

        var problems = new Problems();
        var options = new WebServerOptions
        {
            Address = Address,
            Password = problems.Try(() => Read("--webserver-password-file", PasswordFile, warn), null),
            ApiKey = problems.Try(() => Read("--webserver-api-key-file", ApiKeyFile, warn), null),
            Acl = problems.Try(ReadAcl, WebServerOptions.DefaultAcl),
        };
        problems.ThrowIfAny();
        return options;
    }

    private NetmaskSet ReadAcl() => Acl.Count == 0 ? WebServerOptions.DefaultAcl
        : NetmaskSet.TryParse(Acl, out NetmaskSet acl, out string offending) ? acl
        : throw new OptionException($"--webserver-acl {offending}: expected a network such as 192.0.2.0/24 or 2001:db8::/32");

    private static PasswordHash? Read(string flag, string path, Action<string> warn) =>
        path.Length == 0 ? null : SecretText.Read(flag, path, PasswordHash.Parse, warn);
}
