using System.Collections.Generic;
using System.Linq;

namespace Fastdist.Fuzz.Http;

/// <summary>What clients say, each with its preface: sound conversations of every shape, and some that are unsound with intent.</summary>
internal static class Conversations
{
    private const string Target = "/dns-query?dns=AAABAAABAAAAAAAAA3d3dwdleGFtcGxlA2NvbQAAAQAB";

    private static readonly byte[] s_ack = Frames.Frame(Frames.Settings, Frames.Ack, 0);

    internal static IReadOnlyDictionary<string, byte[]> Named { get; } = new Dictionary<string, byte[]>
    {
        ["nothing but the opening"] = Frames.Opening,
        ["one GET"] = [.. Frames.Opening, .. s_ack, .. Frames.Get(1, Target)],
        ["one POST"] = [.. Frames.Opening, .. s_ack, .. Frames.Post(1, "/dns-query", new byte[33])],
        ["HEAD, OPTIONS and CONNECT"] =
        [
            .. Frames.Opening,
            .. Of(1, [.. Hpack.Method("HEAD"), .. Hpack.Target(Target)]),
            .. Of(3, [.. Hpack.Method("OPTIONS"), .. Hpack.Target("*")]),
            .. Of(5, [.. Hpack.Method("CONNECT"), .. Hpack.Field(":authority", "example.com:443")]),
        ],
        ["bodies that interleave"] =
        [
            .. Frames.Opening, .. Frames.PostHeaders(1, "/dns-query"), .. Frames.PostHeaders(3, "/dns-query"),
            .. Frames.Frame(Frames.Data, Frames.NoFlags, 3, 1, 2), .. Frames.Frame(Frames.Data, Frames.Padded, 1, 2, 3, 0, 0),
            .. Frames.Frame(Frames.Data, Frames.EndStream, 3, 4), .. Frames.Frame(Frames.Data, Frames.EndStream, 1, 5),
        ],
        ["a body that is too large"] =
        [
            .. Frames.Opening, .. Frames.PostHeaders(1, "/dns-query"), .. Frames.Frame(Frames.Data, Frames.NoFlags, 1, new byte[300]), .. Frames.Get(3, Target),
        ],
        ["a header in CONTINUATION, and trailers"] =
        [
            .. Frames.Opening, .. Frames.Frame(Frames.Headers, Frames.NoFlags, 1, Hpack.Method("POST")),
            .. Frames.Frame(Frames.Continuation, Frames.EndHeaders, 1, Hpack.Target("/")), .. Frames.Frame(Frames.Data, Frames.NoFlags, 1, 1),
            .. Frames.Frame(Frames.Headers, Frames.EndHeaders | Frames.EndStream, 1, Hpack.Field("x-forwarded-for", "192.0.2.1")),
        ],
        ["header fields in the table"] =
        [
            .. Frames.Opening, .. Of(1, [0x82, 0x87, 0x44, 4, .. "/abc"u8, 0x40, 1, (byte)'x', 1, (byte)'y']), .. Of(3, [0x82, 0x87, 0xBF, 0xBE]),
        ],
        ["a window that opens late"] =
        [
            .. Frames.Preface, .. Frames.Setting(4, 0), .. Frames.Get(1, Target), .. Frames.Update(1, 3), .. Frames.Get(3, Target), .. Frames.Setting(4, 100),
        ],
        ["resets"] = [.. Frames.Opening, .. Frames.Get(1, Target), .. Frames.ResetOf(1), .. Frames.PostHeaders(3, "/"), .. Frames.ResetOf(3), .. Frames.Get(5, Target)],
        ["pings, priorities and unknown frames"] =
        [
            .. Frames.Opening, .. Frames.Frame(Frames.Ping, Frames.NoFlags, 0, new byte[8]), .. Frames.Frame(Frames.Priority, Frames.NoFlags, 9, new byte[5]),
            .. Frames.Frame(0x10, Frames.NoFlags, 0, 0, 0, 0, 1, (byte)'u'), .. Frames.Frame(0xBE, 0xFF, 1, 1), .. Frames.Get(1, Target),
        ],
        ["a goodbye"] = [.. Frames.Opening, .. Frames.Get(1, Target), .. Frames.Frame(Frames.GoAway, Frames.NoFlags, 0, new byte[8])],
        ["a broken protocol"] = [.. Frames.Opening, .. Frames.Get(1, Target), .. Frames.Frame(Frames.Data, Frames.NoFlags, 0, 1)],
        ["a flood of pings"] = [.. Frames.Opening, .. Enumerable.Repeat(Frames.Frame(Frames.Ping, Frames.NoFlags, 0, new byte[8]), 40).SelectMany(frame => frame)],
        ["HTTP/1.1"] = "GET / HTTP/1.1\r\n\r\n"u8.ToArray(),
        ["a preface that turns into a request line"] = "PRI * HTTP/1.1\r\n\r\n"u8.ToArray(),
    };

    internal static IReadOnlyList<byte[]> All { get; } = Named.Values.ToArray();

    private static byte[] Of(int stream, byte[] fields) => Frames.Frame(Frames.Headers, Frames.EndHeaders | Frames.EndStream, stream, fields);
}
