using System;
using BenchmarkDotNet.Attributes;
using Fastdist.Dns;

namespace Fastdist.Benchmarks;

/// <summary>Fifty messages taken off a stream, and put onto one.</summary>
public class Framing
{
    private const int Messages = 50;
    private int _bytes;
    private readonly byte[] _message = SampleMessages.Query();
    private readonly byte[] _stream = SampleMessages.Framed(SampleMessages.Query(), Messages);

    [Benchmark(OperationsPerInvoke = Messages)]
    public void Read()
    {
        ReadOnlySpan<byte> data = _stream;
        var bytes = 0;
        while (StreamFraming.TryRead(data, out var message))
        {
            bytes += message.Length;
            data = data[(StreamFraming.PrefixSize + message.Length)..];
        }
        _bytes = bytes;
    }

    [Benchmark(OperationsPerInvoke = Messages)]
    public void Write()
    {
        Span<byte> room = _stream;
        for (var i = 0; i < Messages; i++)
        {
            StreamFraming.WritePrefix(room, _message.Length);
            _message.CopyTo(room[StreamFraming.PrefixSize..]);
            room = room[(StreamFraming.PrefixSize + _message.Length)..];
        }
        _bytes = room.Length;
    }
}
