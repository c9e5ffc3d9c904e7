using System;
using System.Collections.Generic;
using System.IO;
using System.Threading;
using Fastdist.Tls;
using Fastdist.Tls.Files;

namespace Fastdist.Proxy.Files;

/// <summary>
/// The key log files in use, one writer each however many contexts write to it. Shards leave lines in
/// a bounded queue; a file is made readable by its owner only, as it opens recorded traffic. From any thread.
/// </summary>
/// <param name="isCheck">Whether files are only to be checked, and none is made.</param>
internal sealed class KeyLogFiles(bool isCheck = false) : IDisposable
{
    private const string Option = "keyLogFile";

    private static readonly TlsKeyLog s_nowhere = new(static _ => { });

    private readonly Lock _lock = new();
    private readonly Dictionary<string, OpenFile> _files = [];

    private OpenFile[] Files
    {
        get
        {
            lock (_lock)
            {
                return [.. _files.Values];
            }
        }
    }

    /// <summary>The key log that appends to a file; null when none is wanted.</summary>
    /// <param name="path">The file; empty for none.</param>
    /// <exception cref="TlsConfigurationException">The file cannot be written.</exception>
    public TlsKeyLog? Open(string path)
    {
        if (path.Length == 0)
        {
            return null;
        }

        if (isCheck)
        {
            OperatorFile.RequireAppendable(Option, path);
            return s_nowhere;
        }

        lock (_lock)
        {
            if (_files.TryGetValue(path, out OpenFile? open))
            {
                return open.KeyLog;
            }
        }

        // Who else opens files must not wait for this one.
        FileStream file = OperatorFile.OpenToAppend(Option, path);
        lock (_lock)
        {
            if (_files.TryGetValue(path, out OpenFile? other))
            {
                file.Dispose();
                return other.KeyLog;
            }

            return (_files[path] = new OpenFile(path, file)).KeyLog;
        }
    }

    /// <summary>Opens every file anew, as it may have been moved away.</summary>
    public void Reopen(ReloadReport report)
    {
        foreach (OpenFile open in Files)
        {
            if (report.Try("", () => OperatorFile.OpenToAppend(Option, open.Path)) is { } file)
            {
                open.Use(file);
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose() => Array.ForEach(Files, file => file.Dispose());

    private sealed class OpenFile : IDisposable
    {
        private readonly ReplaceableStream _stream;

        public OpenFile(string path, FileStream file)
        {
            Path = path;
            _stream = new ReplaceableStream(file);
            Queue = new LineQueue(_stream);
            KeyLog = new TlsKeyLog(line => Queue.TryAdd([.. line, (byte)'\n']));
        }

        public string Path { get; }

        public LineQueue Queue { get; }

        public TlsKeyLog KeyLog { get; }

        public void Use(FileStream file)
        {
            _stream.Replace(file);

            // An empty line has the queue's thread let go of the old file now.
            Queue.TryAdd([]);
        }

        public void Dispose()
        {
            Queue.Dispose();
            _stream.Dispose();
        }
    }
}
