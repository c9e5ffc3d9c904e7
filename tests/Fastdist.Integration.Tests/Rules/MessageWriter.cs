using System;
using System.Globalization;
using System.IO;
using System.Text;
using System.Text.RegularExpressions;

namespace Fastdist.Integration.Tests.Rules;

/// <summary>Writes a DNS message from front to back, and its header last.</summary>
internal sealed class MessageWriter
{
    public const int A = 1, Ns = 2, Cname = 5, Soa = 6, Txt = 16, Aaaa = 28, Opt = 41, Any = 255;

    private const int HeaderSize = 12;

    /// <summary>A pointer to the name of the first question.</summary>
    private const int ToQuestion = 0xc000 | HeaderSize;

    private readonly MemoryStream _bytes = new();
    private readonly int[] _counts = new int[4];

    public MessageWriter() => _bytes.SetLength(_bytes.Position = HeaderSize);

    /// <summary>A question by name, type and class.</summary>
    public MessageWriter Question(string name, int type, int @class)
    {
        _counts[0]++;
        Name(name);
        Number(type);
        Number(@class);
        return this;
    }

    /// <summary>A question as it came.</summary>
    public MessageWriter Question(ReadOnlySpan<byte> question)
    {
        _counts[0]++;
        _bytes.Write(question);
        return this;
    }

    /// <summary>A record about the question's name.</summary>
    /// <param name="section">1 answer, 2 authority, 3 additional.</param>
    /// <param name="type">Its type.</param>
    /// <param name="ttl">Seconds.</param>
    /// <param name="data">Its data.</param>
    public MessageWriter Record(int section, int type, int ttl, ReadOnlySpan<byte> data)
    {
        _counts[section]++;
        Number(ToQuestion);
        Number(type);
        Number(1);
        Number(ttl >> 16);
        Number(ttl);
        Number(data.Length);
        _bytes.Write(data);
        return this;
    }

    /// <summary>An OPT record (RFC 6891 section 6.1.2).</summary>
    /// <param name="size">The UDP size that it tells.</param>
    /// <param name="extended">High bits of the rcode and the version.</param>
    /// <param name="flags">Its flags; DO is 0x8000.</param>
    /// <param name="options">Options, as they are written.</param>
    public MessageWriter OptRecord(int size, int extended, int flags, ReadOnlySpan<byte> options)
    {
        _counts[3]++;
        _bytes.WriteByte(0);
        Number(Opt);
        Number(size);
        Number(extended);
        Number(flags);
        Number(options.Length);
        _bytes.Write(options);
        return this;
    }

    /// <summary>Bytes that belong to no record.</summary>
    public MessageWriter Raw(ReadOnlySpan<byte> bytes)
    {
        _bytes.Write(bytes);
        return this;
    }

    /// <summary>The message, under this ID and with these flags.</summary>
    public byte[] Done(int id, int flags)
    {
        _bytes.Position = 0;
        Number(id);
        Number(flags);
        foreach (int count in _counts)
        {
            Number(count);
        }

        return _bytes.ToArray();
    }

    /// <summary>A name in full; any byte of it may be written as <c>\DDD</c> (RFC 1035 section 5.1).</summary>
    public static byte[] NameOf(string name)
    {
        using var bytes = new MemoryStream();
        foreach (string label in name.Split('.', StringSplitOptions.RemoveEmptyEntries))
        {
            byte[] content = Encoding.Latin1.GetBytes(Regex.Replace(label, @"\\(\d{3})", static escape => ((char)int.Parse(escape.Groups[1].ValueSpan, CultureInfo.InvariantCulture)).ToString()));
            bytes.WriteByte((byte)content.Length);
            bytes.Write(content);
        }

        bytes.WriteByte(0);
        return bytes.ToArray();
    }

    /// <summary>An EDNS option.</summary>
    public static byte[] Option(int code, ReadOnlySpan<byte> data) =>
        [(byte)(code >> 8), (byte)code, (byte)(data.Length >> 8), (byte)data.Length, .. data];

    private void Name(string name) => _bytes.Write(NameOf(name));

    private void Number(int value)
    {
        _bytes.WriteByte((byte)(value >> 8));
        _bytes.WriteByte((byte)value);
    }
}
