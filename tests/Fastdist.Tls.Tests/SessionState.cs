using System;
using System.Formats.Asn1;
using System.Security.Cryptography;
using Fastdist.Tls.Tickets;

namespace Fastdist.Tls.Tests;

/// <summary>Takes OpenSSL's DER of a session apart: SEQUENCE of numbered parts, of which time is 1, the lifetime hint is 9 and the ticket is 10.</summary>
internal static class SessionState
{
    private const int Time = 1, LifetimeHint = 9, Ticket = 10;

    public static byte[] TicketOf(byte[] session)
    {
        byte[] ticket = [];
        Rewrite(session, Ticket, (reader, _) => ticket = reader.ReadOctetString());
        return ticket;
    }

    /// <summary>Seconds that the server said the ticket is good for.</summary>
    public static long LifetimeHintOf(byte[] session)
    {
        long hint = 0;
        Rewrite(session, LifetimeHint, (reader, writer) => hint = (long)reader.ReadInteger());
        return hint;
    }

    public static byte[] WithTicket(byte[] session, byte[] ticket) => Rewrite(session, Ticket, (_, writer) => writer.WriteOctetString(ticket));

    /// <summary>A ticket made that many seconds earlier than it was; whoever has the key can forge it.</summary>
    public static byte[] Older(byte[] ticket, TicketKey key, int seconds)
    {
        using var aes = Aes.Create();
        aes.Key = key.Aes.ToArray();
        byte[] iv = ticket[16..32];
        byte[] state = aes.DecryptCbc(ticket.AsSpan()[32..^32], iv);
        byte[] older = Rewrite(state, Time, (reader, writer) => writer.WriteInteger(reader.ReadInteger() - seconds));
        byte[] body = [.. key.Name, .. iv, .. aes.EncryptCbc(older, iv)];
        return [.. body, .. HMACSHA256.HashData(key.Hmac, body)];
    }

    private static byte[] Rewrite(byte[] session, int part, Action<AsnReader, AsnWriter> rewrite)
    {
        AsnReader parts = new AsnReader(session, AsnEncodingRules.DER).ReadSequence();
        var writer = new AsnWriter(AsnEncodingRules.DER);
        using (writer.PushSequence())
        {
            while (parts.HasData)
            {
                var tag = new Asn1Tag(TagClass.ContextSpecific, part, isConstructed: true);
                if (parts.PeekTag().HasSameClassAndValue(tag))
                {
                    using (writer.PushSequence(tag))
                    {
                        rewrite(parts.ReadSequence(tag), writer);
                    }
                }
                else
                {
                    writer.WriteEncodedValue(parts.ReadEncodedValue().Span);
                }
            }
        }

        return writer.Encode();
    }
}
