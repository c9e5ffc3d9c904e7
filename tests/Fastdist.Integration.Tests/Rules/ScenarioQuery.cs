using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Net;
using System.Net.Sockets;

namespace Fastdist.Integration.Tests.Rules;

/// <summary>
/// A query in words: <c>TRANSPORT NAME TYPE WORD...</c>, or <c>TRANSPORT raw=HEX WORD...</c> with the whole message but its ID. The transport is udp, tcp, dot or doh. Of the query:
/// <c>norecurse cd ad aa tc qr</c> (flags), <c>class=N</c>, <c>opcode=N</c>, <c>edns=SIZE</c>, <c>do</c>, <c>version=N</c>, <c>opt=CODE:HEX</c>, <c>ecs=NETWORK/BITS</c>,
/// <c>answer=TYPE</c>, <c>authority=TYPE</c>, <c>additional=TYPE</c> (a record more), <c>trailing=HEX</c>. Of its way: <c>from=ADDRESS</c>, <c>sni=NAME</c>, <c>path=PATH</c>, <c>get</c>,
/// <c>header=NAME:VALUE</c>. Of the answer: <c>shuffled</c> (its records come in any order), <c>messages=N</c> (so many).
/// <c>until=asked</c> and <c>until=aged</c> ask again and again, until a backend is asked, or until the answer is another than the first.
/// </summary>
internal sealed class ScenarioQuery
{
    private static readonly (string Name, int Bit)[] s_flags = [("qr", 0x8000), ("aa", 0x0400), ("tc", 0x0200), ("ra", 0x0080), ("ad", 0x0020), ("cd", 0x0010)];

    /// <summary>Their numbers are those of the counts in the header.</summary>
    private static readonly string[] s_sections = ["question", "answer", "authority", "additional"];

    private readonly MessageWriter _writer = new();
    private readonly MemoryStream _options = new();
    private int _flags = 0x0100;
    private int _ednsSize = -1;
    private int _ednsVersion;
    private int _ednsFlags;
    private byte[]? _raw;
    private byte[] _trailing = [];

    public string Transport { get; private set; } = "";

    /// <summary>Where it comes from; null is wherever.</summary>
    public IPAddress? From { get; private set; }

    /// <summary>The name that TLS asks for.</summary>
    public string ServerName { get; private set; } = "dns.example";

    public string Path { get; private set; } = "/dns-query";

    public bool IsGet { get; private set; }

    public List<(string Name, string Value)> HttpHeaders { get; } = [];

    /// <summary>Whether the records of the answer may come in any order.</summary>
    public bool IsShuffled { get; private set; }

    /// <summary>How many messages answer it.</summary>
    public int Messages { get; private set; } = 1;

    /// <summary>What ends it, when it is asked again and again; else empty.</summary>
    public string Until { get; private set; } = "";

    public static ScenarioQuery Parse(string text)
    {
        string[] words = text.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        var query = new ScenarioQuery { Transport = words[0] };
        int rest = 1;
        if (!words[1].StartsWith("raw=", StringComparison.Ordinal))
        {
            int @class = Array.Find(words, static word => word.StartsWith("class=", StringComparison.Ordinal)) is { } named ? Number(named["class=".Length..]) : 1;
            query._writer.Question(words[1], RecordTypes.NumberOf(words[2]), @class);
            rest = 3;
        }

        foreach (string word in words[rest..])
        {
            int equals = word.IndexOf('=', StringComparison.Ordinal);
            query.Take(equals < 0 ? word : word[..equals], equals < 0 ? "" : word[(equals + 1)..]);
        }

        return query;
    }

    /// <summary>The message, under this ID.</summary>
    public byte[] Message(int id)
    {
        if (_raw is not null)
        {
            return [(byte)(id >> 8), (byte)id, .. _raw];
        }

        if (_ednsSize >= 0)
        {
            _writer.OptRecord(_ednsSize, _ednsVersion, _ednsFlags, _options.ToArray());
            _ednsSize = -1;
        }

        return [.. _writer.Done(id, _flags), .. _trailing];
    }

    private void Take(string word, string value)
    {
        switch (word)
        {
            case "norecurse": _flags &= ~0x0100; break;
            case "opcode": _flags |= Number(value) << 11; break;
            case "class": break;
            case "edns": _ednsSize = Number(value); break;
            case "do": (_ednsSize, _ednsFlags) = (WithEdns(), 0x8000); break;
            case "version": (_ednsSize, _ednsVersion) = (WithEdns(), Number(value)); break;
            case "opt": TakeOption(value.Split(':')); break;
            case "ecs": TakeSubnet(IPNetwork.Parse(value)); break;
            case "trailing": _trailing = Convert.FromHexString(value); break;
            case "raw": _raw = Convert.FromHexString(value); break;
            case "from": From = IPAddress.Parse(value); break;
            case "sni": ServerName = value; break;
            case "path": Path = value; break;
            case "get": IsGet = true; break;
            case "header": HttpHeaders.Add((value[..value.IndexOf(':', StringComparison.Ordinal)], value[(value.IndexOf(':', StringComparison.Ordinal) + 1)..])); break;
            case "shuffled": IsShuffled = true; break;
            case "until": Until = value; break;
            case "messages": Messages = Number(value); break;
            default:
                if (Array.IndexOf(s_sections, word) is > 0 and var section)
                {
                    int type = RecordTypes.NumberOf(value);
                    _writer.Record(section, type, 300, ScenarioAnswers.DataOf(type));
                }
                else
                {
                    _flags |= Array.Find(s_flags, flag => flag.Name == word) is { Bit: > 0 and var bit } ? bit : throw new FormatException($"no such word: {word}");
                }

                break;
        }
    }

    private void TakeOption(string[] codeAndData)
    {
        _ednsSize = WithEdns();
        _options.Write(MessageWriter.Option(Number(codeAndData[0]), Convert.FromHexString(codeAndData[1])));
    }

    /// <summary>Client subnet (RFC 7871 section 6).</summary>
    private void TakeSubnet(IPNetwork network)
    {
        _ednsSize = WithEdns();
        byte family = network.BaseAddress.AddressFamily == AddressFamily.InterNetwork ? (byte)1 : (byte)2;
        _options.Write(MessageWriter.Option(8, [0, family, (byte)network.PrefixLength, 0, .. network.BaseAddress.GetAddressBytes()[..((network.PrefixLength + 7) / 8)]]));
    }

    private int WithEdns() => _ednsSize < 0 ? 1232 : _ednsSize;

    private static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);
}
