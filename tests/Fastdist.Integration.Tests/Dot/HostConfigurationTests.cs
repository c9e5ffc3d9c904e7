using System.Collections.Generic;
using System.Threading.Tasks;
using Fastdist.Integration.Tests.Harness;
using Xunit;

namespace Fastdist.Integration.Tests.Dot;

/// <summary>What the host says about OpenSSL is not about the OpenSSL inside fastdist.</summary>
[Trait("Stage", "4")]
public sealed class HostConfigurationTests
{
    [Theory]
    [InlineData("broken", "[[[ this = is not\n= a file of settings")]
    [InlineData("missing", null)]
    public Task A_configuration_of_OpenSSL_that_cannot_be_read_does_not_concern_us(string which, string? text) =>
        UnconcernedAsync(which, text);

    [Theory]
    [InlineData("naming a provider that is not there", """
        openssl_conf = init
        [init]
        providers = providers
        [providers]
        nonexistent = settings
        [settings]
        activate = 1
        module = /nonexistent/provider.so
        """)]
    [InlineData("asking for more than we do", """
        openssl_conf = init
        [init]
        ssl_conf = ssl
        [ssl]
        system_default = settings
        [settings]
        MinProtocol = TLSv1.3
        Groups = X448
        """)]
    public Task A_configuration_of_OpenSSL_that_can_be_read_does_not_concern_us(string which, string text) =>
        UnconcernedAsync(which, text);

    private static async Task UnconcernedAsync(string which, string? text)
    {
        await using var lab = new Lab();
        string file = text is null ? lab.Scratch.PathOf(which) : lab.Scratch.Write("openssl.cnf", text);
        RogueBackend backend = lab.Rogue(Rogue.Answers);
        FastdistProcess fastdist = await lab.DotAsync(
            null,
            ["--server", lab.Server(backend.EndPoint, "one")],
            new Dictionary<string, string> { ["OPENSSL_CONF"] = file, ["OPENSSL_MODULES"] = "/nonexistent" });
        await fastdist.MarkedUpAsync("one");

        Assert.Equal(Rcode.NoError, (await DotClient.AskAsync(fastdist.Tls, Message.Query("x.load.test"))).Rcode);
        Assert.True((await OpenSslClient.RunAsync(fastdist.Tls, "-tls1_2", "-groups", "X25519:P-256")).IsConnected);
    }
}
