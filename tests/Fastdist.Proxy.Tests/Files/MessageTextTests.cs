using System;
using System.Buffers;
using System.Net;
using System.Text;
using Fastdist.Proxy.Files;
using Xunit;
using SocketAddress = Fastdist.Ring.SocketAddress;

namespace Fastdist.Proxy.Tests.Files;

/// <summary>Lines as dnsdist's LogAction and LogResponseAction write them.</summary>
public class MessageTextTests
{
    private static readonly byte[] s_name = [3, .. "www"u8, 7, .. "example"u8, 0];
    private static readonly DateTime s_time = new DateTime(2026, 2, 3, 4, 5, 6, DateTimeKind.Utc).AddTicks(78);

    [Theory]
    [InlineData("192.0.2.1", 1, 0, NoteForm.None, "Packet from 192.0.2.1:4242 for www.example. A with id 4660\n")]
    [InlineData("2001:db8::1", 28, 0, NoteForm.None, "Packet from [2001:db8::1]:4242 for www.example. AAAA with id 4660\n")]
    [InlineData("192.0.2.1", 65280, 0, NoteForm.HasTime, "[1770091506.000007800] Packet from 192.0.2.1:4242 for www.example. TYPE65280 with id 4660\n")]
    [InlineData("192.0.2.1", 1, 3, NoteForm.IsAnswer, "Answer to 192.0.2.1:4242 for www.example. A (Non-Existent domain) with id 4660\n")]
    [InlineData("192.0.2.1", 1, 0, NoteForm.IsAnswer | NoteForm.HasTime, "[1770091506.000007800] Answer to 192.0.2.1:4242 for www.example. A (No Error) with id 4660\n")]
    internal void A_line_tells_who_asked_what(string client, int type, int rcode, NoteForm form, string line) =>
        Assert.Equal(line, Encoding.UTF8.GetString(Written(client, (ushort)type, (byte)rcode, form)));

    [Theory]
    [InlineData("192.0.2.1", NoteForm.IsBinary, "1234" + "03777777076578616D706C6500" + "1C00" + "0200" + "C0000201" + "1092")]
    [InlineData("2001:db8::1", NoteForm.IsBinary, "1234" + "03777777076578616D706C6500" + "1C00" + "0A00" + "20010DB8000000000000000000000001" + "1092")]
    [InlineData("192.0.2.1", NoteForm.IsBinary | NoteForm.HasTime, "F273816900000000" + "781E0000" + "1234" + "03777777076578616D706C6500" + "1C00" + "0200" + "C0000201" + "1092")]
    internal void The_binary_form_is_that_of_dnsdist(string client, NoteForm form, string bytes) => Assert.Equal(bytes, Convert.ToHexString(Written(client, 28, 0, form)));

    private static byte[] Written(string client, ushort type, byte rcode, NoteForm form)
    {
        var output = new ArrayBufferWriter<byte>();
        var message = new LoggedMessage
        {
            Client = SocketAddress.From(new IPEndPoint(IPAddress.Parse(client), 4242)),
            Id = 0x1234,
            Type = type,
            Rcode = rcode,
            Form = form,
            Time = s_time.Ticks,
        };
        MessageText.Write(output, in message, s_name);
        return output.WrittenSpan.ToArray();
    }
}
