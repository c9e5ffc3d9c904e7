using System;
using System.ComponentModel;
using System.IO;
using System.Net;
using System.Net.Sockets;
using Fastdist.Control.Consoles.Interop;

namespace Fastdist.Control.Consoles;

/// <summary>Makes the listening socket of a console.</summary>
internal static class ConsoleListener
{
    private const int Backlog = 128;

    /// <summary>Binds and listens. A Unix socket's file goes with the socket, when we may still remove it then.</summary>
    /// <exception cref="Win32Exception">It cannot; the message names the address and the reason.</exception>
    public static Socket Open(EndPoint address)
    {
        Socket socket = address is UnixDomainSocketEndPoint
            ? new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified)
            : new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            if (address is UnixDomainSocketEndPoint path)
            {
                RemoveStale(path);
                socket.Bind(path);

                // Nobody can connect before listen(2), so there is no moment with wider permissions.
                File.SetUnixFileMode($"{path}", UnixFileMode.UserRead | UnixFileMode.UserWrite);
            }
            else
            {
                socket.Bind(address);
            }

            socket.Listen(Backlog);
            return socket;
        }
        catch (Exception exception) when (exception is SocketException or IOException or UnauthorizedAccessException)
        {
            socket.Dispose();
            throw new Win32Exception((exception as SocketException)?.NativeErrorCode ?? 0, $"--control-socket {address}: {exception.Message}");
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private static void RemoveStale(UnixDomainSocketEndPoint path)
    {
        switch (FileKind.Of($"{path}"))
        {
            case FileKind.Missing:
                return;
            case not FileKind.Socket:
                throw new Win32Exception(0, $"--control-socket {path}: there is a file of that name that is no socket; remove it or use another name");
        }

        using var probe = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            probe.Connect(path);
        }
        catch (SocketException exception) when (exception.SocketErrorCode == SocketError.ConnectionRefused)
        {
            File.Delete($"{path}");
            return;
        }

        throw new Win32Exception(0, $"--control-socket {path}: another process is listening there; stop it or use another name");
    }
}
