using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using Fastdist.Tls;

namespace Fastdist.Proxy;

/// <summary>
/// The key log files in use, one writer each however many contexts write to it. Shards leave lines in
/// a bounded queue; a file is made readable by its owner only, as it opens recorded traffic.
/// </summary>
internal sealed class KeyLogFiles : IDisposable
{
    private static readonly FileStreamOptions s_ownersOnly = new()
    {
        Mode = FileMode.Append,
        Access = FileAccess.Write,
        Share = FileShare.Read,
        BufferSize = 0,
        UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
    };

    private readonly Dictionary<string, (LineQueue Queue, FileStream File, TlsKeyLog KeyLog)> _files = [];

    /// <summary>Lines that did not fit into a queue.</summary>
    public long Dropped => _files.Values.Sum(f => f.Queue.Dropped);

    /// <summary>The key log that appends to a file; null when none is wanted.</summary>
    /// <param name="path">The file; empty for none.</param>
    /// <exception cref="TlsConfigurationException">The file cannot be written.</exception>
    public TlsKeyLog? Open(string path)
    {
        if (path.Length == 0)
        {
            return null;
        }

        if (_files.TryGetValue(path, out var open))
        {
            return open.KeyLog;
        }

        try
        {
            var file = new FileStream(path, s_ownersOnly);
            var queue = new LineQueue(file);
            var keyLog = new TlsKeyLog(line => queue.TryAdd([.. line, (byte)'\n']));
            _files.Add(path, (queue, file, keyLog));
            return keyLog;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new TlsConfigurationException($"keyLogFile={path}: {exception.Message}");
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach ((LineQueue queue, FileStream file, _) in _files.Values)
        {
            queue.Dispose();
            file.Dispose();
        }
    }
}
