using System;
using System.Collections.Generic;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Fastdist.Dns;
using SocketAddress = Fastdist.Ring.SocketAddress;

namespace Fastdist.Settings.Tables;

/// <summary>From text to values; a <see cref="FormatException"/> says what was expected.</summary>
public static class Values
{
    /// <summary>What is said of something that is no network.</summary>
    internal const string NetworkExpected = "expected a network such as 192.0.2.0/24 or 2001:db8::/32";

    /// <summary>Reads a whole number in decimal digits.</summary>
    public static int Integer(string text, int least, int most) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int value) && value >= least && value <= most
            ? value
            : throw new FormatException($"expected a whole number from {least} to {most}");

    /// <summary>Reads a whole number of 32 bits in decimal digits.</summary>
    public static uint Unsigned(string text) =>
        uint.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out uint value) ? value : throw new FormatException($"expected a whole number from 0 to {uint.MaxValue}");

    /// <summary>Reads a number of bytes, with K, M, G or T behind it for powers of 1,024.</summary>
    public static long Size(string text)
    {
        int power = text.Length > 0 ? "KMGT".IndexOf(text[^1], StringComparison.OrdinalIgnoreCase) + 1 : 0;
        return long.TryParse(power > 0 ? text[..^1] : text, NumberStyles.None, CultureInfo.InvariantCulture, out long number) && number <= long.MaxValue >> (10 * power)
            ? number << (10 * power)
            : throw new FormatException("expected a number of bytes such as 536870912, 512M or 4G");
    }

    /// <summary>Reads how many times its share something may have, which below 1 could not be kept by all; 0 for any.</summary>
    public static double BalancingFactor(string text) =>
        double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double value) && (value == 0 || value is >= 1 and <= 1_000_000)
            ? value
            : throw new FormatException("expected 0, or a number from 1 to 1000000 such as 1.25");

    /// <summary>The word for one of a few values.</summary>
    internal static string NameOf<T>(T value, (string Name, T Value)[] choices) => Array.Find(choices, choice => EqualityComparer<T>.Default.Equals(choice.Value, value)).Name;

    /// <summary>A text for who is shown it: null when nothing was set.</summary>
    internal static string? Text(string text) => text.Length > 0 ? text : null;

    /// <summary>A number for who is shown it: null when it stands for nothing set.</summary>
    internal static object? Number(int number, int unset) => number == unset ? null : number;

    /// <summary>What is shown of a secret: that there is one.</summary>
    public static string? Secret(bool isSet) => isSet ? "(set)" : null;

    /// <summary>Reads networks that a flag was given.</summary>
    /// <param name="flag">The flag, for the message.</param>
    /// <param name="given">What was written.</param>
    /// <param name="otherwise">What it is when nothing was.</param>
    /// <exception cref="OptionException">One is no network.</exception>
    public static NetmaskSet Networks(string flag, IReadOnlyList<string> given, NetmaskSet otherwise) => given.Count == 0 ? otherwise
        : NetmaskSet.TryParse(given, out NetmaskSet networks, out string offending) ? networks
        : throw new OptionException($"{flag} {offending}: {NetworkExpected}");

    /// <summary>Reads networks that a function was given.</summary>
    /// <exception cref="FormatException">One is no network.</exception>
    public static NetmaskSet Networks(IReadOnlyList<string> given) => NetmaskSet.TryParse(given, out NetmaskSet networks, out string offending)
        ? networks
        : throw new FormatException($"'{offending}' is no network: expected one such as 192.0.2.0/24 or 2001:db8::/32");

    /// <summary>Reads a yes or no.</summary>
    /// <param name="text">What was written.</param>
    /// <param name="third">What could have been written besides, for the message.</param>
    public static bool Boolean(string text, string third = "") => text switch
    {
        "true" or "yes" or "1" => true,
        "false" or "no" or "0" => false,
        _ => throw new FormatException(third.Length == 0 ? "expected true or false" : $"expected {third}, true or false"),
    };

    /// <summary>Takes any text but none.</summary>
    public static string NotEmpty(string text) => text.Length > 0 ? text : throw new FormatException("expected a value");

    /// <summary>Reads a UUID (RFC 9562) with its hyphens.</summary>
    public static Guid Uuid(string text) => Guid.TryParseExact(text, "D", out Guid id)
        ? id
        : throw new FormatException("expected a UUID such as f81d4fae-7dec-11d0-a765-00a0c91e6bf6");

    /// <summary>Reads one of a few words.</summary>
    public static T OneOf<T>(string text, params ReadOnlySpan<(string Name, T Value)> choices)
    {
        foreach ((string name, T value) in choices)
        {
            if (name == text)
            {
                return value;
            }
        }

        string known = choices[0].Name;
        foreach ((string name, _) in choices[1..])
        {
            known += ", " + name;
        }

        throw new FormatException($"expected one of {known}");
    }

    /// <summary>
    /// Reads <c>192.0.2.1</c>, <c>192.0.2.1:53</c>, <c>2001:db8::1</c>, <c>[2001:db8::1]:53</c> or
    /// <c>[fe80::1%eth0]:53</c>. Literals only: a static binary has no name service to ask.
    /// </summary>
    public static IPEndPoint EndPoint(string text, int defaultPort)
    {
        AddressAndPort written = AsWritten(text, defaultPort);
        return new IPEndPoint(SocketAddress.Unmapped(written.Address), written.Port);
    }

    /// <summary>Reads the same, an IPv4-mapped address as such; the port is 0 where there is none.</summary>
    public static AddressAndPort AsWritten(string text) => AsWritten(text, 0);

    /// <summary>Reads where a console is: an absolute path of a Unix socket, or an address as <see cref="EndPoint"/> does.</summary>
    public static EndPoint ControlSocket(string text, int defaultPort)
    {
        // sun_path of sockaddr_un has 108 bytes, the last of which is zero.
        const int LongestPath = 107;
        if (!text.StartsWith('/'))
        {
            return EndPoint(text, defaultPort);
        }

        return Encoding.UTF8.GetByteCount(text) <= LongestPath
            ? new UnixDomainSocketEndPoint(text)
            : throw new FormatException($"the path of a Unix socket has at most {LongestPath} bytes");
    }

    /// <summary>Whether a text is an IP address without port, brackets or scope, in full.</summary>
    public static bool IsAddress(string text, [NotNullWhen(true)] out IPAddress? address)
    {
        bool isAddress = IPAddress.TryParse(text, out address) && !text.AsSpan().ContainsAny('%', '[')
            && (address.AddressFamily == AddressFamily.InterNetworkV6 || address.ToString() == text);
        address = isAddress ? SocketAddress.Unmapped(address!) : null;
        return isAddress;
    }

    /// <summary>Reads an IP address without port, brackets or scope.</summary>
    public static IPAddress Address(string text) =>
        IsAddress(text, out IPAddress? address) ? address : throw new FormatException("expected an IP address");

    /// <summary>Reads the name that a server's certificate is for, or the IP address, in the form that TLS has of either.</summary>
    public static string Subject(string text)
    {
        if (IsAddress(text, out IPAddress? address))
        {
            return address.ToString();
        }

        return HostName.Canonicalise(NotEmpty(text), out string name) is { } problem ? throw new FormatException(problem) : name;
    }

    /// <summary>Reads a domain name to ask for, with the escapes of RFC 1035; one with letters beyond ASCII as a host's.</summary>
    public static string DomainName(string text) =>
        !Ascii.IsValid(text) ? HostName.Canonicalise(text, out string name) is { } problem ? throw new FormatException(problem) : name + "."
        : Names.TryParse(text, stackalloc byte[Names.MaxWireLength], out _) ? text : throw new FormatException("expected a domain name");

    /// <summary>Reads a network interface's name, which need not be there yet.</summary>
    public static string Interface(string text)
    {
        // IFNAMSIZ, without the terminating zero.
        const int Longest = 15;
        return text.Length is > 0 and <= Longest && !text.AsSpan().ContainsAny('/', ' ', '@')
            ? text
            : throw new FormatException("expected an IP address, the name of a network interface, or ADDR@NAME");
    }

    private static AddressAndPort AsWritten(string text, int defaultPort)
    {
        RefuseAmbiguous(text);
        (string host, string? port) = Split(text);
        if (!IPAddress.TryParse(host, out IPAddress? address) || (address.AddressFamily == AddressFamily.InterNetwork && address.ToString() != host))
        {
            throw new FormatException($"'{host}' is not an IP address; write 192.0.2.1, 192.0.2.1:53, 2001:db8::1 or [2001:db8::1]:53 (names cannot be resolved here)");
        }

        if (host.Contains('%', StringComparison.Ordinal) && address.ScopeId == 0)
        {
            throw new FormatException($"'{host[(host.IndexOf('%', StringComparison.Ordinal) + 1)..]}' is no network interface here");
        }

        return new AddressAndPort(address, port is null ? defaultPort : Integer(port, 0, 65535));
    }

    /// <summary>Refuses an IPv6 address without brackets whose last group may be meant as a port, and often is.</summary>
    private static void RefuseAmbiguous(string text)
    {
        int colon = text.LastIndexOf(':');
        if (colon <= text.IndexOf(':', StringComparison.Ordinal) || text.StartsWith('['))
        {
            return;
        }

        (string host, string port) = (text[..colon], text[(colon + 1)..]);
        bool isPort = ushort.TryParse(port, NumberStyles.None, CultureInfo.InvariantCulture, out ushort number) && port == number.ToString(CultureInfo.InvariantCulture);
        if (isPort && IPAddress.TryParse(host, out _))
        {
            throw new FormatException(IPAddress.TryParse(text, out _) && !text.Contains('%', StringComparison.Ordinal)
                ? $"'{text}' may end in a port or in a part of the address: write [{host}]:{port} for port {port}, or [{text}] for the address"
                : $"'{text}' has a port behind an IPv6 address without brackets: write [{host}]:{port}");
        }
    }

    private static (string Host, string? Port) Split(string text)
    {
        int bracket = text.IndexOf(']', StringComparison.Ordinal);
        if (text.StartsWith('[') && bracket > 0)
        {
            string rest = text[(bracket + 1)..];
            return rest.Length == 0 ? (text[1..bracket], null)
                : rest[0] == ':' ? (text[1..bracket], rest[1..])
                : throw new FormatException($"'{rest}' after the closing bracket; expected ':PORT'");
        }

        int colon = text.IndexOf(':', StringComparison.Ordinal);
        bool one = colon >= 0 && colon == text.LastIndexOf(':');
        return one ? (text[..colon], text[(colon + 1)..]) : (text, null);
    }
}
