using System.Security.Cryptography;
using System.Threading.Tasks;
using Fastdist.Integration.Tests.Harness;
using Xunit;

namespace Fastdist.Integration.Tests.Consoles.Scenarios;

/// <summary>The columns of showTCPStats() that TLS sessions move, from zero.</summary>
[Trait("Stage", "5")]
public sealed class TlsSessionTests
{
    [Theory]
    [InlineData(1, "-tls1_2")]
    [InlineData(1, "-tls1_3")]
    [InlineData(2, "-tls1_2")]
    [InlineData(2, "-tls1_3")]
    public async Task Sessions_new_and_resumed_and_tickets_of_other_keys(int shards, string version)
    {
        const int resumed = 5, inactive = 4, unknown = 3;
        await using var lab = new Lab();
        Scene scene = await Scene.StartAsync(lab, shards, lab.Rogue(Rogue.Answers));
        string session = lab.Scratch.PathOf("session"), forged = lab.Scratch.PathOf("forged");

        await OpenSslClient.SaveSessionAsync(scene.Fastdist.Tls, session, version);
        TlsSessionFile.ChangeTicket(session, forged, ticket => RandomNumberGenerator.Fill(ticket[..TlsSessionFile.KeyNameSize]));
        await ConnectAsync(resumed, session);
        ChildProcess rotation = await FastdistProcess.RunToEndAsync("-c", scene.Console, "-e", "getTLSFrontend(0):rotateTicketsKey()");
        Assert.True(await rotation.ExitAsync() == 0, $"{rotation.Output}{rotation.Log}");
        await ConnectAsync(inactive, session);
        await ConnectAsync(unknown, forged);

        await scene.EndedAsync(dot: 1 + resumed + inactive + unknown);
        await scene.CheckAsync(dot:
            [
                ("Max concurrent conn", PrintedRow.Any), ("Avg duration", PrintedRow.Any), ("Avg read IOs/conn", PrintedRow.Any),
                ("TLS new sessions", Scene.Text(1 + unknown)), ("TLS Resumptions", Scene.Text(resumed + inactive)),
                ("TLS unknown ticket keys", Scene.Text(unknown)), ("TLS inactive ticket keys", Scene.Text(inactive)),
            ]);

        async Task ConnectAsync(int times, string file)
        {
            for (int i = 0; i < times; i++)
            {
                OpenSslClient client = await OpenSslClient.RunAsync(scene.Fastdist.Tls, version, "-sess_in", file);
                Assert.Equal(file == session, client.IsResumed);
            }
        }
    }

    [Theory, ClassData(typeof(ShardCounts))]
    public async Task Queries_over_each_version(int shards)
    {
        string[] versions = ["-tls1", "-tls1_1", "-tls1_2", "-tls1_3"];
        await using var lab = new Lab();
        Scene scene = await Scene.StartAsync(lab, shards, lab.Rogue(Rogue.Answers), tls: "minTLSVersion=tls1.0");

        int sessions = 0;
        for (int version = 0; version < versions.Length; version++)
        {
            for (int i = 0; i <= version; i++)
            {
                await using OpenSslClient client = await OpenSslClient.ConnectAsync(scene.Fastdist.Tls, versions[version], "-cipher", "DEFAULT@SECLEVEL=0");
                Assert.True(client.IsConnected, client.Text);
                await client.TypeAsync(OpenSslClient.TypedMessage);
                await scene.EndedAsync(dot: ++sessions);
            }
        }

        await scene.CheckAsync(dot:
            [
                ("Max concurrent conn", "1"), ("Avg queries/conn", "1.000000"), ("Avg duration", PrintedRow.Any), ("Avg read IOs/conn", PrintedRow.Any),
                ("TLS new sessions", Scene.Text(sessions)), ("TLS 1.0", "1"), ("TLS 1.1", "2"), ("TLS 1.2", "3"), ("TLS 1.3", "4"),
            ]);
    }
}
