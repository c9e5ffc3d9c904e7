using System.Collections.Generic;
using Fastdist.Tls.Interop;

namespace Fastdist.Tls.Certificates;

/// <summary>The certificates in a PEM file.</summary>
internal static unsafe class PemCertificates
{
    private const string Usual = "CERTIFICATE", Older = "X509 CERTIFICATE", WithTrust = "TRUSTED CERTIFICATE";

    /// <summary>Parses those of its blocks that are certificates.</summary>
    /// <returns>X509s in the file's order; the caller's to free.</returns>
    /// <exception cref="TlsConfigurationException">One cannot be read.</exception>
    public static List<nint> Parse(List<PemBlock> blocks, string where)
    {
        var certificates = new List<nint>();
        try
        {
            foreach (PemBlock block in blocks)
            {
                if (block.Label is Usual or Older or WithTrust)
                {
                    certificates.Add(Parse(block, where));
                }
            }

            return certificates;
        }
        catch
        {
            certificates.ForEach(OpenSsl.X509_free);
            throw;
        }
    }

    private static nint Parse(PemBlock block, string where)
    {
        byte[] der = block.Decode(where);
        fixed (byte* bytes = der)
        {
            byte* at = bytes;
            nint certificate = block.Label == WithTrust ? OpenSsl.d2i_X509_AUX(null, &at, der.Length) : OpenSsl.d2i_X509(null, &at, der.Length);
            string reason = certificate == 0 ? TlsErrors.TakeQueue() : $"{bytes + der.Length - at} bytes follow it";
            if (certificate != 0 && at == bytes + der.Length)
            {
                return certificate;
            }

            OpenSsl.X509_free(certificate);
            throw new TlsConfigurationException($"{where}: line {block.Line}: the certificate that begins here is damaged: {reason}");
        }
    }
}
