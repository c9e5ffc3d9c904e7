using Fastdist.Rules.Patterns;
using Fastdist.Settings;
using Fastdist.Settings.Rules;

namespace Fastdist.Rules.Selectors;

/// <summary>How a query came.</summary>
public enum Transport : byte
{
    /// <summary>Datagrams.</summary>
    Udp,

    /// <summary>A stream in the clear.</summary>
    Tcp,

    /// <summary>A stream within TLS.</summary>
    Tls,

    /// <summary>HTTP/2.</summary>
    Https,

    /// <summary>None that there is here, as DNSCrypt or QUIC.</summary>
    Other,
}

/// <summary>Matches clients, or the addresses they ask, by networks.</summary>
/// <param name="group">The networks, as they were when the selector was made; the longest that an address is in decides.</param>
/// <param name="isSource">Whether the client's address is looked at, or the one that it asked.</param>
/// <param name="isQuiet">Whether tables of rules leave the networks out.</param>
public sealed class NetmaskSelector(NetmaskGroup group, bool isSource = true, bool isQuiet = false) : Selector
{
    private readonly string _text = $"{(isSource ? "Src" : "Dst")}: {(isQuiet ? "in-group" : $"{group}")}";

    /// <summary>The networks.</summary>
    public NetmaskRanges Networks { get; } = group.ToRanges();

    /// <summary>Whether the client's address is looked at, or the one that it asked.</summary>
    public bool IsSource => isSource;

    /// <inheritdoc/>
    public override string ToString() => _text;
}

/// <summary>Matches by the port that was asked.</summary>
/// <param name="port">The port.</param>
public sealed class DestinationPortSelector(ushort port) : Selector
{
    /// <summary>The port.</summary>
    public ushort Port => port;

    /// <inheritdoc/>
    public override string ToString() => $"dst port=={port}";
}

/// <summary>Matches what came over a stream, or what did not.</summary>
/// <param name="isStream">Which of the two; DoT and DoH are streams.</param>
public sealed class StreamSelector(bool isStream) : Selector
{
    /// <summary>Which of the two.</summary>
    public bool IsStream => isStream;

    /// <inheritdoc/>
    public override string ToString() => isStream ? "TCP" : "UDP";
}

/// <summary>Matches by how a query came.</summary>
/// <param name="transport">How.</param>
/// <param name="name">What it is called: <c>DoUDP</c>, <c>DoTCP</c>, <c>DoT</c>, <c>DoH</c>, ...</param>
public sealed class TransportSelector(Transport transport, string name) : Selector
{
    /// <summary>How.</summary>
    public Transport Transport => transport;

    /// <inheritdoc/>
    public override string ToString() => $"incoming protocol is {name}";
}

/// <summary>Matches the name that a client asked for in TLS, byte for byte.</summary>
/// <param name="name">The name.</param>
public sealed class ServerNameSelector(string name) : Selector
{
    /// <summary>The name, as bytes.</summary>
    public byte[] Bytes { get; } = System.Text.Encoding.UTF8.GetBytes(name);

    /// <inheritdoc/>
    public override string ToString() => $"SNI == {name}";
}

/// <summary>Matches a path of HTTP, without what follows a question mark, byte for byte.</summary>
/// <param name="path">The path.</param>
public sealed class HttpPathSelector(string path) : Selector
{
    /// <summary>The path, as bytes.</summary>
    public byte[] Bytes { get; } = System.Text.Encoding.UTF8.GetBytes(path);

    /// <inheritdoc/>
    public override string ToString() => $"url path == {path}";
}

/// <summary>Matches paths of HTTP, without what follows a question mark, by a pattern.</summary>
/// <param name="pattern">The pattern.</param>
public sealed class HttpPathPatternSelector(Pattern pattern) : Selector
{
    /// <summary>The pattern.</summary>
    public Pattern Pattern => pattern;

    /// <inheritdoc/>
    public override string ToString() => $"http path ~ {pattern.Text}";
}

/// <summary>Matches the first field of a name in an HTTP request by a pattern. Fields are only there where the frontend keeps them.</summary>
/// <param name="name">The field's name, compared in lower case.</param>
/// <param name="pattern">The pattern.</param>
public sealed class HttpHeaderSelector(string name, Pattern pattern) : Selector
{
    /// <summary>The field's name in lower case, as bytes.</summary>
    public byte[] Name { get; } = System.Text.Encoding.UTF8.GetBytes(name.ToLowerInvariant());

    /// <summary>The pattern.</summary>
    public Pattern Pattern => pattern;

    /// <inheritdoc/>
    public override string ToString() => $"http[{name}] ~ {pattern.Text}";
}
