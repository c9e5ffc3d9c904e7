using System;
using System.Buffers;
using System.Buffers.Text;
using System.Collections.Generic;
using System.Text;

namespace Fastdist.Tls.Certificates;

/// <summary>A block of a PEM file.</summary>
/// <param name="Label">What it says it is, for instance <c>CERTIFICATE</c>.</param>
/// <param name="Line">The line it begins in, from 1.</param>
/// <param name="Text">All of it, its first and last line included.</param>
/// <param name="Body">What is between these.</param>
internal readonly record struct PemBlock(string Label, int Line, ReadOnlyMemory<byte> Text, ReadOnlyMemory<byte> Body)
{
    /// <summary>The bytes it stands for.</summary>
    /// <param name="where">Names the file.</param>
    /// <exception cref="TlsConfigurationException">It is not base64.</exception>
    public byte[] Decode(string where)
    {
        byte[] bytes = new byte[Base64.GetMaxDecodedFromUtf8Length(Body.Length)];
        return Base64.DecodeFromUtf8(Body.Span, bytes, out _, out int length) == OperationStatus.Done && length > 0
            ? bytes[..length]
            : throw new TlsConfigurationException($"{where}: line {Line}: the block that begins here is damaged: what is in it is not base64");
    }
}

/// <summary>
/// Takes a PEM file (RFC 7468) apart. OpenSSL's reader ends alike at the end of a file and at a block that it cannot read,
/// and passes over a marker that it does not know for one; a file that was cut or glued together would be used in part.
/// Here a block that begins is there to its end, or the file is refused. Text outside of blocks is a comment.
/// </summary>
internal static class PemFile
{
    private const string Dashes = "-----";

    private static ReadOnlySpan<byte> Begin => "-----BEGIN "u8;

    private static ReadOnlySpan<byte> End => "-----END "u8;

    private static ReadOnlySpan<byte> ByteOrderMark => "\uFEFF"u8;

    /// <summary>Whether a file is one, whole or not.</summary>
    public static bool IsOne(ReadOnlySpan<byte> content) => content.IndexOf(Begin) >= 0;

    /// <summary>The blocks in their order.</summary>
    /// <param name="content">The file.</param>
    /// <param name="where">Names the file.</param>
    /// <exception cref="TlsConfigurationException">A block does not end, or an end has no begin; the message tells the line.</exception>
    public static List<PemBlock> Read(ReadOnlyMemory<byte> content, string where)
    {
        var blocks = new List<PemBlock>();
        PemBlock? open = null;
        int start = 0, body = 0;
        int at = content.Span.StartsWith(ByteOrderMark) ? ByteOrderMark.Length : 0;
        for (int number = 1; at < content.Length; number++)
        {
            int length = content.Span[at..].IndexOf((byte)'\n') is >= 0 and var found ? found + 1 : content.Length - at;
            ReadOnlySpan<byte> line = content.Span.Slice(at, length).Trim(" \t\r\n"u8);
            if (open is { } block)
            {
                if (IsEnd(line, block.Label))
                {
                    blocks.Add(block with { Text = content[start..(at + length)], Body = content[body..at] });
                    open = null;
                }
                else if (line.IndexOf("-----"u8) >= 0)
                {
                    throw Cut(where, block, $"line {number} is another marker");
                }
            }
            else if (line.StartsWith(Begin[..^1]) || line.StartsWith(End[..^1]))
            {
                (open, start, body) = (new PemBlock(LabelIn(line, where, number), number, default, default), at, at + length);
            }
            else if (at + length == content.Length && !line.IsEmpty && content.Span[^1] != '\n' && Begin.StartsWith(line))
            {
                throw new TlsConfigurationException($"{where}: it ends amid line {number}, which begins a block: it was cut off; write it anew");
            }

            at += length;
        }

        return open is { } unfinished ? throw Cut(where, unfinished, "the file ends before it does") : blocks;
    }

    private static bool IsEnd(ReadOnlySpan<byte> line, string label) =>
        line.StartsWith(End) && Encoding.ASCII.GetString(line[End.Length..]) == label + Dashes;

    private static string LabelIn(ReadOnlySpan<byte> line, string where, int number)
    {
        string text = Encoding.ASCII.GetString(line);
        bool isBegin = line.StartsWith(Begin) && text.Length > Begin.Length + Dashes.Length && text.EndsWith(Dashes, StringComparison.Ordinal);
        string label = isBegin ? text[Begin.Length..^Dashes.Length] : "";
        return isBegin && !label.Contains(Dashes, StringComparison.Ordinal)
            ? label
            : throw new TlsConfigurationException(line.StartsWith(End)
                ? $"{where}: line {number} ends a block that does not begin: write the file anew"
                : $"{where}: line {number} is no whole marker (-----BEGIN CERTIFICATE-----): the file was cut or lacks a line break; write it anew");
    }

    private static TlsConfigurationException Cut(string where, PemBlock block, string how) =>
        new($"{where}: the {block.Label} that begins in line {block.Line} is not whole ({how}): the file was cut or lacks a line break; write it anew");
}
