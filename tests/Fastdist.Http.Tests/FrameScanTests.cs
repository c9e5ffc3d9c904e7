using System;
using System.Collections.Generic;
using Fastdist.Fuzz.Http;
using Xunit;

namespace Fastdist.Http.Tests;

public class FrameScanTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    [InlineData(9)]
    [InlineData(10)]
    [InlineData(1000)]
    public void Each_frame_is_found_once_however_the_bytes_are_split(int piece)
    {
        byte[] bytes =
        [
            .. Frames.Frame(Frames.Settings, 0xFF, 0), .. Frames.Frame(Frames.Data, 0, 1, new byte[300]),
            .. Frames.Frame(0xBE, 0, int.MaxValue, 1), .. Frames.Frame(Frames.Ping, 0, unchecked((int)0x80000003), new byte[8]),
        ];
        var scan = new FrameScan();
        List<(byte Type, int Stream)> found = [];
        for (int at = 0; at < bytes.Length; at += piece)
        {
            ReadOnlySpan<byte> next = bytes.AsSpan(at, Math.Min(piece, bytes.Length - at));
            while (scan.TryNext(ref next, out byte type, out int stream))
            {
                found.Add((type, stream));
            }
        }

        Assert.Equal([(Frames.Settings, 0), (Frames.Data, 1), (0xBE, int.MaxValue), (Frames.Ping, 3)], found);
    }
}
