using System;
using System.IO;
using System.Text;
using System.Threading;

namespace Fastdist.Control.Tests.Logging;

/// <summary>Takes nothing until it is opened, like a pipe that nobody reads.</summary>
internal sealed class GatedStream : MemoryStream
{
    private readonly ManualResetEventSlim _gate = new();
    private readonly ManualResetEventSlim _reached = new();

    public void WaitForWrite() => _reached.Wait();

    public void Open() => _gate.Set();

    public string[] Lines() => Encoding.UTF8.GetString(ToArray()).Split('\n')[..^1];

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        _reached.Set();
        _gate.Wait();
        base.Write(buffer);
    }
}
