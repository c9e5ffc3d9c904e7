using System;
using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace Fastdist;

/// <summary>Tells a service manager what we are doing (sd_notify(3)); does nothing when none listens.</summary>
internal static class Supervisor
{
    private static Socket? s_socket;

    /// <summary>
    /// How often the manager wants a sign of life (sd_watchdog_enabled(3)), milliseconds; <see cref="int.MaxValue"/> when it wants none.
    /// </summary>
    public static int WatchdogMilliseconds()
    {
        bool isOurs = Environment.GetEnvironmentVariable("WATCHDOG_PID") is not { Length: > 0 } process
            || process == Environment.ProcessId.ToString(CultureInfo.InvariantCulture);
        return isOurs && long.TryParse(Environment.GetEnvironmentVariable("WATCHDOG_USEC"), CultureInfo.InvariantCulture, out long microseconds) && microseconds > 0
            ? (int)Math.Clamp(microseconds / 1000, 1, int.MaxValue)
            : int.MaxValue;
    }

    /// <summary>Sends a message of sd_notify(3).</summary>
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
            // The socket is kept, so that signs of life go on when there is no descriptor left to make one.
            s_socket ??= new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
            s_socket.SendTo(Encoding.ASCII.GetBytes(state), new UnixDomainSocketEndPoint(address));
        }
        catch (SocketException)
        {
            // The manager went away; its absence must not end us.
        }
    }
}
