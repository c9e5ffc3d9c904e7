using System;
using System.Net;
using System.Text;
using System.Threading;
using System.Threading.Tasks;
using Microsoft.AspNetCore.Http;

namespace Fastdist.Control.Web;

/// <summary>What becomes of a request before its path is looked at.</summary>
internal enum Access
{
    /// <summary>It may go on.</summary>
    Granted,

    /// <summary>It showed nothing that opens anything here.</summary>
    Denied,

    /// <summary>It showed a wrong password or key.</summary>
    Wrong,

    /// <summary>Its address was wrong too often; it was not looked at.</summary>
    TooManyWrong,

    /// <summary>Too many others wait to be looked at; it was not.</summary>
    Busy,
}

/// <summary>
/// Who may read what, by the reference's rules: the password opens all but <c>/api/</c>, of which it opens the overview;
/// the key opens <c>/api/</c>, <c>/metrics</c> and <c>/jsonstat</c>, and the page to nobody. Who shows both needs one that is right.
/// </summary>
/// <param name="rules">The rules to begin with.</param>
/// <param name="clock">Tells how far apart wrong ones are.</param>
internal sealed class WebAccess(WebRules rules, TimeProvider clock) : IDisposable
{
    private const string Basic = "Basic ";
    private const int PatienceMilliseconds = 2000;

    private readonly FailedAttempts _failures = new();
    private volatile WebRules _rules = rules;

    /// <summary>scrypt takes a megabyte and milliseconds, so one at a time; others wait their turn.</summary>
    private readonly SemaphoreSlim _hashing = new(1);

    /// <summary>The rules that hold; others may take their place at any time, and what was wrong before stays remembered.</summary>
    public WebRules Rules
    {
        get => _rules;
        set => _rules = value;
    }

    /// <summary>Judges a request by its header fields.</summary>
    /// <param name="headers">Those fields.</param>
    /// <param name="path">What it asks for.</param>
    /// <param name="client">Where it came from.</param>
    public async ValueTask<Access> CheckAsync(IHeaderDictionary headers, string path, IPAddress client)
    {
        WebRules rules = _rules;
        if (rules.IsOpen(path))
        {
            return Access.Granted;
        }

        string? key = WebRules.IsForKey(path) ? KeyOf(headers) : null;
        string? given = WebRules.IsForPassword(path) ? PasswordOf(headers) : null;
        Access access = rules.ApiKey is not { } apiKey || key is null ? Access.Denied : await CheckAsync(apiKey, key, client);
        return access == Access.Granted || rules.Password is not { } password || given is null ? access : await CheckAsync(password, given, client);
    }

    /// <inheritdoc/>
    public void Dispose() => _hashing.Dispose();

    private async ValueTask<Access> CheckAsync(Credential credential, string given, IPAddress client)
    {
        if (credential.IsKnown(given))
        {
            return Access.Granted;
        }

        if (!await _hashing.WaitAsync(PatienceMilliseconds))
        {
            return Access.Busy;
        }

        try
        {
            return credential.IsKnown(given) ? Access.Granted : Try(credential, given, client);
        }
        finally
        {
            _hashing.Release();
        }
    }

    private Access Try(Credential credential, string given, IPAddress client)
    {
        if (!_failures.TryBegin(client, (long)clock.GetElapsedTime(0).TotalMilliseconds))
        {
            return Access.TooManyWrong;
        }

        if (!credential.Matches(given))
        {
            return Access.Wrong;
        }

        _failures.Succeeded(client);
        return Access.Granted;
    }

    private static string? KeyOf(IHeaderDictionary headers) => headers["X-API-Key"] is [{ Length: > 0 } key] ? key : null;

    private static string? PasswordOf(IHeaderDictionary headers)
    {
        if (headers.Authorization is not [{ } field] || !field.StartsWith(Basic, StringComparison.OrdinalIgnoreCase))
        {
            return null;
        }

        var bytes = new byte[field.Length];
        if (!Convert.TryFromBase64String(field[Basic.Length..].Trim(), bytes, out int length))
        {
            return null;
        }

        string pair = Encoding.UTF8.GetString(bytes, 0, length);
        int colon = pair.IndexOf(':', StringComparison.Ordinal);
        return colon < 0 ? null : pair[(colon + 1)..];
    }
}
