using System;
using System.Diagnostics;

namespace Fastdist.Tls.Tests;

/// <summary>Messages from a client session to a server session and back, in fixed buffers.</summary>
internal static class MessageLoop
{
    private const int MessageSize = 40;

    public static void Run(Pair pair, int count)
    {
        Span<byte> message = stackalloc byte[MessageSize];
        Span<byte> records = stackalloc byte[1024];
        Span<byte> opened = stackalloc byte[1024];
        for (int i = 0; i < count; i++)
        {
            Move(pair.Client.Session, pair.Server.Session, message, records, opened);
            Move(pair.Server.Session, pair.Client.Session, message, records, opened);
        }
    }

    private static void Move(TlsSession from, TlsSession to, ReadOnlySpan<byte> message, Span<byte> records, Span<byte> opened)
    {
        from.Send(message, out _, records, out int written);
        to.Receive(records[..written], out _, opened, out int length);
        Trace.Assert(length == MessageSize);
    }
}
