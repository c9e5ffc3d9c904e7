using System;
using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace Fastdist;

/// <summary>Tells a service manager what we are doing (sd_notify(3)); does nothing when none listens.</summary>
internal static class Supervisor
{
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
