using System;
using System.Collections.Generic;
using Fastdist.Dns;
using Fastdist.Lua;

namespace Fastdist.Control.Configuration.Objects.Questions;

/// <summary>A header that scripts read and write.</summary>
internal interface IHeader
{
    /// <summary>Its twelve bytes; empty when there is none.</summary>
    ReadOnlySpan<byte> Bytes { get; }

    /// <summary>Begins to change it.</summary>
    Span<byte> Edit();
}

/// <summary>That of the query or answer that is being asked about.</summary>
/// <param name="world">Knows it.</param>
internal sealed class LiveHeader(QuestionWorld world) : IHeader
{
    /// <inheritdoc/>
    public ReadOnlySpan<byte> Bytes => world.Current is { } question ? question.Message[..Header.Size] : default;

    /// <inheritdoc/>
    public Span<byte> Edit() => world.Current!.EditFlags();
}

/// <summary>A copy of one.</summary>
/// <param name="bytes">The header.</param>
internal sealed class HeaderCopy(ReadOnlySpan<byte> bytes) : IHeader
{
    private readonly byte[] _bytes = bytes.ToArray();

    /// <inheritdoc/>
    public ReadOnlySpan<byte> Bytes => _bytes;

    /// <inheritdoc/>
    public Span<byte> Edit() => _bytes;
}

/// <summary>Headers as objects.</summary>
internal static class HeaderObject
{
    private delegate void Set(Span<byte> header, bool value);

    private delegate bool Get(ReadOnlySpan<byte> header);

    /// <summary>What one is to scripts.</summary>
    public static LuaClass Class { get; } = new("DNSHeader")
    {
        Natives = new Dictionary<string, LuaNative>
        {
            ["getID"] = Reading(static (frame, header) => frame.Return(Header.Id(header))),
            ["getRD"] = Getter(Header.RecursionDesired),
            ["getRA"] = Getter(Header.RecursionAvailable),
            ["getAA"] = Getter(Header.IsAuthoritative),
            ["getAD"] = Getter(Header.AuthenticData),
            ["getCD"] = Getter(Header.CheckingDisabled),
            ["getTC"] = Getter(Header.IsTruncated),
            ["setRD"] = Setter(Header.SetRecursionDesired),
            ["setRA"] = Setter(Header.SetRecursionAvailable),
            ["setAA"] = Setter(Header.SetAuthoritative),
            ["setAD"] = Setter(Header.SetAuthenticData),
            ["setCD"] = Setter(Header.SetCheckingDisabled),
            ["setQR"] = Setter(Header.SetResponse),
            ["setTC"] = Setter(static (header, value) =>
            {
                Header.SetTruncated(header, value);
                if (value)
                {
                    Header.SetRecursionAvailable(header, Header.RecursionDesired(header));
                }
            }),
        },
    };

    private delegate void Body(LuaFrame frame, ReadOnlySpan<byte> header);

    private static LuaNative Reading(Body body) => frame =>
    {
        ReadOnlySpan<byte> header = frame.Target<IHeader>(0) is { } target ? target.Bytes : default;
        if (header.IsEmpty)
        {
            frame.Fail("a header is only there while the function runs that its query was given to; getHeader gives a copy that stays");
            return;
        }

        body(frame, header);
    };

    private static LuaNative Getter(Get get) => Reading((frame, header) => frame.Return(get(header)));

    private static LuaNative Setter(Set set) => Reading((frame, _) =>
    {
        if (frame.TryGetBoolean(1, out bool value))
        {
            set(frame.Target<IHeader>(0)!.Edit(), value);
        }
        else
        {
            frame.Fail("expected true or false");
        }
    });
}
