using System;
using System.Formats.Asn1;
using System.Security.Cryptography.X509Certificates;
using Fastdist.Tls.Certificates;

namespace Fastdist.Tls.Tests.Certificates;

/// <summary>OCSP responses (RFC 6960 section 4.2.1) that say a certificate is good; nobody signed them.</summary>
internal static class OcspAnswer
{
    private static readonly Asn1Tag s_first = new(TagClass.ContextSpecific, 0, isConstructed: true);
    private static readonly Asn1Tag s_second = new(TagClass.ContextSpecific, 2, isConstructed: true);

    /// <param name="files">Whose certificate it is for.</param>
    /// <param name="until">When the next update is due.</param>
    public static byte[] For(TlsCertificateFile files, DateTimeOffset until)
    {
        using X509Certificate2 certificate = X509Certificate2.CreateFromPemFile(files.CertificateFile, files.KeyFile);
        var writer = new AsnWriter(AsnEncodingRules.DER);
        using (writer.PushSequence())
        {
            writer.WriteEncodedValue([0x0A, 1, 0]);
            using (writer.PushSequence(s_first))
            using (writer.PushSequence())
            {
                writer.WriteObjectIdentifier("1.3.6.1.5.5.7.48.1.1");
                writer.WriteOctetString(Basic(certificate, until));
            }
        }

        return writer.Encode();
    }

    private static byte[] Basic(X509Certificate2 certificate, DateTimeOffset until)
    {
        var writer = new AsnWriter(AsnEncodingRules.DER);
        using (writer.PushSequence())
        {
            using (writer.PushSequence())
            {
                using (writer.PushSequence(s_second))
                {
                    writer.WriteOctetString(new byte[20]);
                }

                writer.WriteGeneralizedTime(DateTimeOffset.UtcNow.AddDays(-2), omitFractionalSeconds: true);
                using (writer.PushSequence())
                {
                    WriteSingle(writer, certificate, until);
                }
            }

            WriteAlgorithm(writer, "1.2.840.10045.4.3.2");
            writer.WriteBitString(new byte[8]);
        }

        return writer.Encode();
    }

    private static void WriteSingle(AsnWriter writer, X509Certificate2 certificate, DateTimeOffset until)
    {
        using (writer.PushSequence())
        {
            using (writer.PushSequence())
            {
                WriteAlgorithm(writer, "1.3.14.3.2.26");
                writer.WriteOctetString(new byte[20]);
                writer.WriteOctetString(new byte[20]);
                writer.WriteInteger(certificate.SerialNumberBytes.Span);
            }

            writer.WriteNull(new Asn1Tag(TagClass.ContextSpecific, 0));
            writer.WriteGeneralizedTime(DateTimeOffset.UtcNow.AddDays(-2), omitFractionalSeconds: true);
            using (writer.PushSequence(s_first))
            {
                writer.WriteGeneralizedTime(until, omitFractionalSeconds: true);
            }
        }
    }

    private static void WriteAlgorithm(AsnWriter writer, string identifier)
    {
        using (writer.PushSequence())
        {
            writer.WriteObjectIdentifier(identifier);
        }
    }
}
