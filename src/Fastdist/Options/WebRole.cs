using System;
using Fastdist.Control.Secrets;
using Fastdist.Control.Web;
using Fastdist.Settings;
using Fastdist.Settings.Tables;
using Fastdist.Tls;

namespace Fastdist.Options;

/// <summary>What the settings of the web server come to once its secrets are read.</summary>
internal static class WebRole
{
    extension(WebSettings settings)
    {
        /// <summary>Reads the secrets, which are in files so that the list of processes does not show them.</summary>
        /// <param name="warn">Told of files that others may read.</param>
        /// <returns>Null when no web server is wanted.</returns>
        /// <exception cref="OptionException">The flags make no sense together.</exception>
        /// <exception cref="TlsConfigurationException">A file cannot be used.</exception>
        public WebServerOptions? ToServer(Action<string> warn)
        {
            int secrets = settings.PasswordFile.Length + settings.ApiKeyFile.Length;
            if (settings.Address is null)
            {
                return secrets + settings.Acl.Count == 0
                    ? null
                    : throw new OptionException("there are settings for a web server, but none is asked for: add --webserver ADDR:PORT");
            }

            if (secrets == 0)
            {
                throw new OptionException(
                    $"--webserver {settings.Address}: nobody could read it without a secret to show: add --webserver-password-file for the page and the metrics, --webserver-api-key-file for the API, or both");
            }

            var problems = new Problems();
            var options = new WebServerOptions
            {
                Address = settings.Address,
                Password = problems.Try(() => Read("--webserver-password-file", settings.PasswordFile, warn), null),
                ApiKey = problems.Try(() => Read("--webserver-api-key-file", settings.ApiKeyFile, warn), null),
                Acl = problems.Try(() => Values.Networks("--webserver-acl", settings.Acl, WebServerOptions.DefaultAcl), WebServerOptions.DefaultAcl),
            };
            problems.ThrowIfAny();
            return options;
        }
    }

    private static PasswordHash? Read(string flag, string path, Action<string> warn) =>
        path.Length == 0 ? null : SecretText.Read(flag, path, PasswordHash.Parse, warn);
}
