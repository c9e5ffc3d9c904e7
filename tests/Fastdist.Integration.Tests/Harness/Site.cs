using System.Globalization;
using System.Net;
using System.Threading.Tasks;

namespace Fastdist.Integration.Tests.Harness;

/// <summary>fastdist's own web server, as a test asks for it and reads it.</summary>
/// <param name="lab">The test's world.</param>
internal sealed class Site(Lab lab)
{
    public const string Password = "a password: with a colon";
    public const string Key = "a key";

    public IPEndPoint Address { get; init; } = Ports.Next();

    /// <summary>The host it is on and asked from; ours without.</summary>
    public NetworkNamespace? Host { get; init; }

    /// <summary>The flags that start it with both secrets in clear text, and further ones.</summary>
    public string[] Flags(params string[] others) =>
    [
        "--webserver", $"{Address}",
        "--webserver-password-file", lab.Scratch.WriteSecret("web-password", $"{Password}\n"),
        "--webserver-api-key-file", lab.Scratch.WriteSecret("web-key", Key),
        .. others,
    ];

    /// <summary>Asks with curl, without a secret; options are curl's own.</summary>
    public Task<Curl> AskAsync(string target, params string[] options) => Curl.AskWebAsync(lab, Host, Address, target, options);

    /// <summary>Asks with the password.</summary>
    public Task<Curl> AskWithPasswordAsync(string target, params string[] options) => AskAsync(target, ["--user", $"operator:{Password}", .. options]);

    /// <summary>Asks with the key.</summary>
    public Task<Curl> AskWithKeyAsync(string target, params string[] options) => AskAsync(target, ["--header", $"X-API-Key: {Key}", .. options]);

    /// <summary>A number as the page and the metrics write it, without its separators.</summary>
    public static long Number(string text) => long.Parse(text, NumberStyles.AllowThousands, CultureInfo.InvariantCulture);
}
