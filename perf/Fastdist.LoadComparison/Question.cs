using System;
using System.Buffers.Binary;
using System.Buffers.Text;
using System.IO;
using System.Net;
using System.Net.Http;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Text;

namespace Fastdist.LoadComparison;

/// <summary>One question, asked once over a path's transport.</summary>
internal static class Question
{
    private const int LengthSize = 2, HeaderSize = 12;

    /// <summary>Whether a NOERROR answer came within half a second.</summary>
    public static bool IsAnswered(QueryPath path, int port)
    {
        var isDatagram = path.From == ClientTransport.Udp;
        try
        {
            if (path.From == ClientTransport.Doh)
            {
                return IsAnsweredOverHttps(port);
            }
            using var socket = isDatagram
                ? new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp)
                : new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            socket.ReceiveTimeout = 500;
            socket.Connect(new IPEndPoint(IPAddress.Loopback, port));
            var header = isDatagram ? AskDatagram(socket) : AskStream(socket, path.From == ClientTransport.Dot);
            return (header[3] & 0x0f) == 0;
        }
        catch (Exception problem) when (problem is SocketException or IOException or AuthenticationException or HttpRequestException or OperationCanceledException)
        {
            return false;
        }
    }

    /// <summary>The path and query that ask for a name (RFC 8484 section 4.1).</summary>
    public static string TargetOf(string name)
    {
        var message = Frame(name)[LengthSize..];
        // An ID of 0 lets HTTP caches recognise the question.
        message[0] = message[1] = 0;
        return $"/dns-query?dns={Base64Url.EncodeToString(message)}";
    }

    private static bool IsAnsweredOverHttps(int port)
    {
        // The certificate was made for this run; whose it is proves nothing here.
        using var handler = new SocketsHttpHandler { SslOptions = new() { RemoteCertificateValidationCallback = (_, _, _, _) => true } };
        using var client = new HttpClient(handler) { Timeout = TimeSpan.FromMilliseconds(500) };
        using var request = new HttpRequestMessage(HttpMethod.Get, $"https://127.0.0.1:{port}{TargetOf(NameSet.First)}")
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };
        // HTTP/2 comes without a synchronous form.
        using var response = client.SendAsync(request).GetAwaiter().GetResult();
        var answer = response.EnsureSuccessStatusCode().Content.ReadAsByteArrayAsync().GetAwaiter().GetResult();
        return answer.Length >= HeaderSize && (answer[3] & 0x0f) == 0;
    }

    private static byte[] AskDatagram(Socket socket)
    {
        var answer = new byte[1500];
        socket.Send(Frame(NameSet.First).AsSpan(LengthSize));
        return socket.Receive(answer) >= HeaderSize ? answer : throw new EndOfStreamException();
    }

    private static byte[] AskStream(Socket socket, bool tls)
    {
        using Stream transport = new NetworkStream(socket);
        using var stream = tls ? Encrypted(transport) : transport;
        stream.Write(Frame(NameSet.First));
        var answer = new byte[LengthSize + HeaderSize];
        stream.ReadExactly(answer);
        return answer[LengthSize..];
    }

    private static SslStream Encrypted(Stream transport)
    {
        // The certificate was made for this run; whose it is proves nothing here.
        var stream = new SslStream(transport, leaveInnerStreamOpen: false, (_, _, _, _) => true);
        stream.AuthenticateAsClient("");
        return stream;
    }

    private static byte[] Frame(string name)
    {
        var message = new byte[LengthSize + HeaderSize + name.Length + 2 + 4];
        BinaryPrimitives.WriteUInt16BigEndian(message, (ushort)(message.Length - LengthSize));
        byte[] header = [0xbe, 0xef, 0x01, 0x00, 0, 1, 0, 0, 0, 0, 0, 0];
        header.CopyTo(message, LengthSize);
        var at = LengthSize + HeaderSize;
        foreach (var label in name.Split('.'))
        {
            message[at++] = (byte)label.Length;
            at += Encoding.ASCII.GetBytes(label, message.AsSpan(at));
        }
        at++;
        message[at + 1] = 1;
        message[at + 3] = 1;
        return message;
    }
}
