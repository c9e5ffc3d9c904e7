using System;
using System.IO;
using System.Net.Security;
using System.Security.Authentication;
using System.Threading.Tasks;

namespace Fastdist.Integration.Tests.Harness;

/// <summary>The first flight of a client, for tests that go on from there in their own way.</summary>
internal static class ClientHello
{
    private const int RecordHeaderSize = 5;

    /// <summary>One record with a ClientHello of these versions.</summary>
    public static async Task<byte[]> MakeAsync(SslProtocols protocols = SslProtocols.Tls12 | SslProtocols.Tls13)
    {
        // The stream ends where the server's answer would begin.
        using var wire = new MemoryStream();
        await using var tls = new SslStream(wire, leaveInnerStreamOpen: true);
        try
        {
            await tls.AuthenticateAsClientAsync(new SslClientAuthenticationOptions
            {
                TargetHost = Lab.BackendName,
                EnabledSslProtocols = protocols,
                AllowTlsResume = false,
            });
        }
        catch (Exception e) when (e is IOException or AuthenticationException)
        {
            // As expected.
        }

        byte[] sent = wire.ToArray();
        return sent[..(RecordHeaderSize + ((sent[3] << 8) | sent[4]))];
    }

    /// <summary>A record of this type with this content.</summary>
    public static byte[] Record(byte type, params byte[] content) =>
        [type, 3, 3, (byte)(content.Length >> 8), (byte)content.Length, .. content];

    /// <summary>A record with the alert that ends a session in order, of level warning.</summary>
    public static byte[] CloseNotify() => Record(21, 1, 0);

    /// <summary>A record with an alert of level fatal.</summary>
    public static byte[] Alert(byte description) => Record(21, 2, description);
}
