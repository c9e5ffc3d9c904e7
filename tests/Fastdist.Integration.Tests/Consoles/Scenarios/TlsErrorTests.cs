using System;
using System.Collections.Generic;
using System.Linq;
using System.Net;
using System.Threading.Tasks;
using Fastdist.Integration.Tests.Harness;
using Xunit;

namespace Fastdist.Integration.Tests.Consoles.Scenarios;

/// <summary>showTLSErrorCounters() from zero: each reason that a client can give, as often as it was given.</summary>
[Trait("Stage", "5")]
public sealed class TlsErrorTests
{
    private const int Fallbacks = 1, Ciphers = 2, Protocols = 3, Versions = 4;

    /// <summary>A ClientHello of SSL 2.</summary>
    private const string OldHello = "802e0100020015000000100700c00300800100800600400400800200800000000000000000000000000000000000000000";

    [Theory, ClassData(typeof(ShardCounts))]
    public async Task Each_reason_in_its_column(int shards)
    {
        await using var lab = new Lab();
        Scene scene = await Scene.StartAsync(lab, shards, lab.Rogue(Rogue.Answers));
        IPEndPoint server = scene.Fastdist.Tls;

        await FailAsync(server, Fallbacks, "-fallback_scsv", "-tls1_2");
        await FailAsync(server, Ciphers, "-tls1_2", "-cipher", "ECDHE-RSA-AES128-GCM-SHA256");
        await FailAsync(server, Versions, "-tls1_1", "-cipher", "DEFAULT@SECLEVEL=0");
        await FailAsync(server, 1, "-tls1_3", "-groups", "X448");
        for (int i = 0; i < Protocols; i++)
        {
            using DnsTcpClient client = await DnsTcpClient.ConnectAsync(server);
            await client.SendRawAsync(Convert.FromHexString(OldHello));
            await client.UntilEndedAsync();
        }

        for (int i = 0; i < 2; i++)
        {
            using DnsTcpClient client = await DnsTcpClient.ConnectAsync(server);
            await client.SendAsync(Message.Query("x.load.test"));
            await client.UntilEndedAsync();
        }

        using (DnsTcpClient client = await DnsTcpClient.ConnectAsync(server))
        {
            client.FinishSending();
            await client.UntilEndedAsync();
        }

        const int all = Fallbacks + Ciphers + Versions + 1 + Protocols + 2 + 1;
        await scene.EndedAsync(dot: all);
        (PrintedRow row, string others) = Assert.Single(await TcpStats.AskForTlsErrorsAsync(scene.Console));
        row.Holds("errors",
            ("Inappropriate fallback", Scene.Text(Fallbacks)), ("No shared cipher", Scene.Text(Ciphers)), ("Unknown protocol", Scene.Text(Protocols)),
            ("Unsupported protocol", Scene.Text(Versions)));
        Assert.Equal(["closed=1", "no-shared-group=1", "plain-dns=2"], others.Split(' ').Order(StringComparer.Ordinal));
        await scene.CheckAsync(dot: [("Max concurrent conn", PrintedRow.Any), ("Avg duration", PrintedRow.Any), ("Avg read IOs/conn", PrintedRow.Any)]);
    }

    /// <summary>What dnsdist counts as another reason, and OpenSSL 3.0 reports as one that is in the table as well.</summary>
    [Theory]
    [InlineData("-tls1_2 -curves X448", "no-shared-cipher")]
    [InlineData("-tls1_2 -cipher DHE-RSA-AES128-GCM-SHA256", "no-shared-cipher")]
    [InlineData("-tls1_3 -groups ffdhe2048", "no-shared-group")]
    public async Task A_group_or_exchange_that_we_do_not_have_is_never_an_unsupported_curve_or_a_small_key(string options, string reason)
    {
        await using var lab = new Lab();
        Scene scene = await Scene.StartAsync(lab, 1, lab.Rogue(Rogue.Answers));

        await FailAsync(scene.Fastdist.Tls, 1, options.Split(' '));

        await scene.EndedAsync(dot: 1);
        (PrintedRow row, string others) = Assert.Single(await TcpStats.AskForTlsErrorsAsync(scene.Console));
        IEnumerable<(string, string)> expected = reason == "no-shared-cipher" ? [("No shared cipher", "1")] : [];
        row.Holds("errors", expected);
        Assert.Equal(reason == "no-shared-cipher" ? "-" : $"{reason}=1", others);
    }

    private static async Task FailAsync(IPEndPoint server, int times, params string[] options)
    {
        for (int i = 0; i < times; i++)
        {
            OpenSslClient client = await OpenSslClient.RunAsync(server, options);
            Assert.False(client.IsConnected, client.Text);
        }
    }
}
