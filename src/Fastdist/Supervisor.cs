using System;
using System.Net.Sockets;
using System.Text;

namespace Fastdist;

/// <summary>Tells a service manager what we are doing (sd_notify(3)); does nothing when none listens.</summary>
internal static class Supervisor
{
    public static void Notify(string state)
    {
        string? path = Environment.GetEnvironmentVariable("NOTIFY_SOCKET");
        if (string.IsNullOrEmpty(path))
        {
            return;
        }

        // A leading @ stands for the zero byte of an abstract address.
        string address = path[0] == '@' ? "\0" + path[1..] : path;
        try
        {
            using var socket = new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
            socket.SendTo(Encoding.ASCII.GetBytes(state), new UnixDomainSocketEndPoint(address));
        }
        catch (SocketException)
        {
            // The manager went away; its absence must not end us.
        }
    }
}
