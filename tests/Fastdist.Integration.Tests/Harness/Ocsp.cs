using System;
using System.Threading.Tasks;

namespace Fastdist.Integration.Tests.Harness;

/// <summary>The OCSP responder of the test's authority.</summary>
internal static class Ocsp
{
    /// <summary>A file that says for a day that the certificate is good.</summary>
    /// <param name="lab">Whose authority it is.</param>
    /// <param name="certificate">What is asked for.</param>
    /// <param name="name">The file's, without its ending.</param>
    public static async Task<string> ResponseAsync(Lab lab, ServerCertificate certificate, string name)
    {
        string authority = lab.Scratch.Write("ca.pem", lab.Authority.Pem);
        string key = lab.Scratch.WriteSecret("ca.key", lab.Authority.KeyPem);
        string leaf = lab.Scratch.Write($"{name}-leaf.pem", certificate.CertificatePem);
        string index = lab.Scratch.Write(
            $"{name}.index", $"V\t491231235959Z\t\t{certificate.Certificate.SerialNumber}\tunknown\t/{certificate.Certificate.Subject}\n");
        string response = lab.Scratch.PathOf($"{name}.ocsp");
        ChildProcess run = await ChildProcess.RunAsync(
            "openssl", "ocsp", "-index", index, "-CA", authority, "-rsigner", authority, "-rkey", key, "-issuer", authority,
            "-cert", leaf, "-no_nonce", "-ndays", "1", "-respout", response);
        return await run.ExitAsync() == 0 ? response : throw new InvalidOperationException($"{run.Output}\n{run.Log}");
    }
}
