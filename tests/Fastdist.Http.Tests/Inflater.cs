using System;
using System.Collections.Generic;
using System.Runtime.InteropServices;
using System.Text;
using Fastdist.Http.Interop;

namespace Fastdist.Http.Tests;

/// <summary>Reads the server's header blocks (RFC 7541), with nghttp2's decoder; the dynamic table lasts as long as the connection.</summary>
internal sealed unsafe partial class Inflater : IDisposable
{
    private const string Library = "libnghttp2";
    private const int Final = 1, Emit = 2;

    private readonly nint _inflater;

    public Inflater()
    {
        nint inflater;
        _ = nghttp2_hd_inflate_new(&inflater);
        _inflater = inflater;
    }

    public void Dispose() => nghttp2_hd_inflate_del(_inflater);

    public List<string> Fields(ReadOnlySpan<byte> block)
    {
        List<string> fields = [];
        fixed (byte* start = block)
        {
            for (byte* next = start; ;)
            {
                HeaderField field;
                int flags = 0;
                nint used = nghttp2_hd_inflate_hd2(_inflater, &field, &flags, next, (nuint)(start + block.Length - next), 1);
                if (used < 0)
                {
                    throw new FormatException($"no header block: {Convert.ToHexString(block)}");
                }

                next += used;
                if ((flags & Emit) != 0)
                {
                    fields.Add($"{Text(field.Name, field.NameLength)}: {Text(field.Value, field.ValueLength)}");
                }

                if ((flags & Final) != 0)
                {
                    _ = nghttp2_hd_inflate_end_headers(_inflater);
                    return fields;
                }
            }
        }
    }

    private static string Text(byte* bytes, nuint length) => Encoding.Latin1.GetString(bytes, (int)length);

    [LibraryImport(Library)]
    private static partial int nghttp2_hd_inflate_new(nint* inflater);

    [LibraryImport(Library)]
    private static partial nint nghttp2_hd_inflate_hd2(nint inflater, HeaderField* field, int* flags, byte* bytes, nuint length, int isFinal);

    [LibraryImport(Library)]
    private static partial int nghttp2_hd_inflate_end_headers(nint inflater);

    [LibraryImport(Library)]
    private static partial void nghttp2_hd_inflate_del(nint inflater);
}
