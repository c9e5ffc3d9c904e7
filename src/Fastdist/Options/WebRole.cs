using System;
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
            if (settings.Address is null)
            {
                return settings == new WebSettings()
                    ? null
                    : throw new OptionException("there are settings for a web server, but none is asked for: add --webserver ADDR:PORT");
            }

            if (!CanBeRead(settings))
            {
                throw new OptionException(
                    $"--webserver {settings.Address}: nobody could read it without a secret to show: add --webserver-password-file for the page and the metrics, --webserver-api-key-file for the API, or both; in a configuration setWebserverConfig({{password=, apiKey=}})");
            }

            var problems = new Problems();
            var options = new WebServerOptions
            {
                Address = settings.Address,
                Password = problems.Try(() => Read("--webserver-password-file", settings.PasswordFile, settings.Password, warn), null),
                ApiKey = problems.Try(() => Read("--webserver-api-key-file", settings.ApiKeyFile, settings.ApiKey, warn), null),
                DashboardRequiresAuthentication = settings.DashboardRequiresAuthentication,
                StatsRequireAuthentication = settings.StatsRequireAuthentication,
                ApiRequiresAuthentication = settings.ApiRequiresAuthentication,
                AllowCrossOriginRequests = settings.AllowCrossOriginRequests,
                CustomHeaders = settings.CustomHeaders,
                MaxConcurrentConnections = settings.MaxConcurrentConnections,
                Acl = problems.Try(() => Values.Networks("--webserver-acl", settings.Acl, WebSettings.DefaultAcl), WebSettings.DefaultAcl),
            };
            problems.ThrowIfAny();
            return options;
        }
    }

    /// <summary>Whether anybody can show what is asked for, or nothing is asked for somewhere.</summary>
    private static bool CanBeRead(WebSettings settings) =>
        settings.PasswordFile.Length + settings.ApiKeyFile.Length > 0 || settings.Password is not null || settings.ApiKey is not null
        || !settings.DashboardRequiresAuthentication || !settings.StatsRequireAuthentication || !settings.ApiRequiresAuthentication;

    private static PasswordHash? Read(string flag, string path, PasswordHash? set, Action<string> warn) =>
        path.Length == 0 ? set
        : set is null ? SecretText.Read(flag, path, PasswordHash.Parse, warn)
        : throw new OptionException($"{flag} '{path}': this secret was set otherwise, too: leave out one of the two");
}
