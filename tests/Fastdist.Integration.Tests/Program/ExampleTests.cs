using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Net;
using System.Security.Cryptography.X509Certificates;
using System.Text.RegularExpressions;
using System.Threading.Tasks;
using Fastdist.Integration.Tests.Harness;
using Xunit;

namespace Fastdist.Integration.Tests.Program;

/// <summary>The configurations under examples/, with places and files of this host in place of those that they have.</summary>
[Trait("Stage", "1")]
public sealed partial class ExampleTests
{
    public static IEnumerable<TheoryDataRow<string>> All => Directory.GetFiles(Examples, "*.conf").Select(path => new TheoryDataRow<string>(Path.GetFileName(path)));

    private static string Examples { get; } = Path.Combine(Repository.Root, "examples");

    [Theory]
    [MemberData(nameof(All))]
    public async Task An_example_starts_and_answers(string name)
    {
        await using var lab = new Lab();
        ResponderBackend plain = await lab.ResponderAsync();
        UnboundBackend secure = await lab.UnboundAsync("two");
        WriteCertificates(lab);
        foreach (string source in Directory.GetFiles(Examples, "*", SearchOption.AllDirectories))
        {
            string copy = lab.Scratch.PathOf(Path.GetRelativePath(Examples, source));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.WriteAllText(copy, Here(File.ReadAllText(source), lab, plain.EndPoint, secure.EndPoint));
        }

        FastdistProcess fastdist = lab.Keep(await FastdistProcess.StartAsync(plain.EndPoint, ["-C", lab.Scratch.PathOf(name)]));
        LogLine[] places = fastdist.Told(LogEvent.Listening);
        LogLine place = places.FirstOrDefault(line => line["protocols"].Contains("UDP", StringComparison.Ordinal)) ?? places[0];
        var address = IPEndPoint.Parse(place["address"]);
        byte[] query = Message.Query("example.com");
        await Patience.UntilAsync(
            async () => (place["protocols"] == "DoT" ? await DotClient.AskAsync(address, query) : await DnsUdpClient.AskAsync(address, query)).Rcode == Rcode.NoError,
            "an answer by a server");
        Assert.Equal(0, await fastdist.StopAsync());
    }

    private static string Here(string text, Lab lab, IPEndPoint plain, IPEndPoint secure)
    {
        text = text.Replace("/etc/fastdist", lab.Scratch.PathOf("etc"), StringComparison.Ordinal)
            .Replace("[2001:db8::1]:853", $"{secure}", StringComparison.Ordinal)
            .Replace("dot.example.org", Lab.BackendName, StringComparison.Ordinal);
        text = Listener.Replace(text, _ => $"'{Ports.Next()}'");
        return Server.Replace(text, $"'{plain}'");
    }

    private static void WriteCertificates(Lab lab)
    {
        Directory.CreateDirectory(lab.Scratch.PathOf("etc"));
        ServerCertificate certificate = lab.Authority.Issue("dns.example"), rsa = lab.Authority.IssueRsa("dns.example");
        lab.Scratch.Write("etc/ca.pem", lab.Authority.Pem);
        lab.Scratch.Write("etc/dns.example.pem", certificate.CertificatePem);
        lab.Scratch.WriteSecret("etc/dns.example.key", certificate.KeyPem);
        lab.Scratch.Write("etc/dns.example.rsa.pem", rsa.CertificatePem);
        lab.Scratch.WriteSecret("etc/dns.example.rsa.key", rsa.KeyPem);
        lab.Scratch.WriteSecret("etc/dns.example.p12", X509Certificate2.CreateFromPem(certificate.CertificatePem, certificate.KeyPem).Export(X509ContentType.Pkcs12, "secret"));
    }

    [GeneratedRegex(@"'(192\.0\.2\.5[34](:53)?|127\.0\.0\.1:\d+)'")]
    private static partial Regex Listener { get; }

    [GeneratedRegex("""['"]192\.0\.2\.([1-49]|10)(:53)?['"]""")]
    private static partial Regex Server { get; }
}
