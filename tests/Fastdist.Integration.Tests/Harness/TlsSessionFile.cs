using System;
using System.Formats.Asn1;
using System.IO;
using System.Security.Cryptography;

namespace Fastdist.Integration.Tests.Harness;

/// <summary>A session as <c>openssl s_client -sess_out</c> keeps it, with its ticket changed in place.</summary>
internal static class TlsSessionFile
{
    /// <summary>Bytes of a ticket's key name, which comes first (RFC 5077 section 4).</summary>
    public const int KeyNameSize = 16;

    private const int TimeoutTag = 2;
    private const int LifetimeHintTag = 9;
    private const int TicketTag = 10;

    /// <summary>Writes a copy whose ticket was changed.</summary>
    public static void ChangeTicket(string from, string to, Action<Span<byte>> change) =>
        Change(from, to, (der, tag, content) =>
        {
            if (tag == TicketTag)
            {
                change(der.AsSpan(content));
            }
        });

    /// <summary>Writes a copy that its client takes for good for this many seconds at least, at most 127.</summary>
    public static void ChangeLifetime(string from, string to, byte seconds) =>
        Change(from, to, (der, tag, content) =>
        {
            // In TLS 1.2 a client's own timeout is the longer one, which is as good.
            if (tag is TimeoutTag or LifetimeHintTag && content.End.Value - content.Start.Value == 1)
            {
                der[content.Start] = seconds;
            }
        });

    private static void Change(string from, string to, Action<byte[], int, Range> change)
    {
        string pem = File.ReadAllText(from);
        PemFields fields = PemEncoding.Find(pem);
        byte[] der = Convert.FromBase64String(pem[fields.Base64Data]);
        AsnReader session = new AsnReader(der, AsnEncodingRules.DER).ReadSequence();
        while (session.HasData)
        {
            ReadOnlyMemory<byte> element = session.ReadEncodedValue();
            Asn1Tag tag = Asn1Tag.Decode(element.Span, out _);
            if (tag.TagClass == TagClass.ContextSpecific)
            {
                // Explicitly tagged: the value stands inside with a tag of its own.
                AsnDecoder.ReadEncodedValue(element.Span, AsnEncodingRules.DER, out int outer, out _, out _);
                AsnDecoder.ReadEncodedValue(element.Span[outer..], AsnEncodingRules.DER, out int inner, out int length, out _);
                element.Span.Overlaps(der, out int offset);
                int start = -offset + outer + inner;
                change(der, tag.TagValue, start..(start + length));
            }
        }

        File.WriteAllText(to, PemEncoding.WriteString(pem[fields.Label], der));
    }
}
