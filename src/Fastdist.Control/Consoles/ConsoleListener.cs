using System;
using System.ComponentModel;
using System.IO;
using System.Net;
using System.Net.Sockets;
using Fastdist.Control.Consoles.Interop;
using Fastdist.Ring;

namespace Fastdist.Control.Consoles;

/// <summary>Makes the listening socket of a console.</summary>
public static class ConsoleListener
{
    private const int Backlog = 128;

    /// <summary>Binds and listens. A Unix socket's file goes with the socket, when we may still remove it then.</summary>
    /// <exception cref="Win32Exception">It cannot; the message says why, whoever asked knows for which flag.</exception>
    public static Socket Open(ConsoleOptions options)
    {
        if (options.Address is UnixDomainSocketEndPoint path)
        {
            return OpenUnix(path);
        }

        var place = new LocalPlace((IPEndPoint)options.Address, MayBeMissing: options.FreeBind);
        Sockets.EnsureUnused(place, datagrams: false);
        return new Socket(new SafeSocketHandle(Sockets.Listen(place, Backlog), ownsHandle: true));
    }

    /// <summary>What would keep a Unix socket from being made, whether or not another process has one there; empty when nothing would.</summary>
    public static string ProblemWith(UnixDomainSocketEndPoint path) =>
        Path.GetDirectoryName($"{path}") is { Length: > 0 } directory && !Directory.Exists(directory)
            ? $"there is no directory {directory}: make it (RuntimeDirectory= of systemd does), or use another path"
            : FileKind.Of($"{path}") is not (FileKind.Missing or FileKind.Socket)
            ? "there is a file of that name that is no socket; remove it or use another name"
            : "";

    private static Socket OpenUnix(UnixDomainSocketEndPoint path)
    {
        if (ProblemWith(path) is { Length: > 0 } problem)
        {
            throw new Win32Exception(0, problem);
        }

        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            RemoveStale(path);
            socket.Bind(path);

            // Nobody can connect before listen(2), so there is no moment with wider permissions.
            File.SetUnixFileMode($"{path}", UnixFileMode.UserRead | UnixFileMode.UserWrite);
            socket.Listen(Backlog);
            return socket;
        }
        catch (Exception exception) when (exception is SocketException or IOException or UnauthorizedAccessException)
        {
            socket.Dispose();
            throw new Win32Exception((exception as SocketException)?.NativeErrorCode ?? 0, $"cannot make a socket of {path}: {exception.Message}");
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private static void RemoveStale(UnixDomainSocketEndPoint path)
    {
        if (FileKind.Of($"{path}") == FileKind.Missing)
        {
            return;
        }

        // Whoever has no room for another in its queue is there, too, and is not waited for.
        using var probe = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified) { Blocking = false };
        try
        {
            probe.Connect(path);
        }
        catch (SocketException exception) when (exception.SocketErrorCode == SocketError.ConnectionRefused)
        {
            File.Delete($"{path}");
            return;
        }
        catch (SocketException exception) when (exception.SocketErrorCode is SocketError.WouldBlock or SocketError.TryAgain)
        {
        }

        throw new Win32Exception(0, "another process is listening there; stop it or use another name");
    }
}
