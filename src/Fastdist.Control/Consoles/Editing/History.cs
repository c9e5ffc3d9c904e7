using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;

namespace Fastdist.Control.Consoles.Editing;

/// <summary>
/// Lines typed before, the oldest first, kept in a file that only its owner may read: keys and passwords are typed too.
/// Each line is written at once, so that neither a session that is killed nor one beside it loses any.
/// </summary>
/// <param name="file">Where they are kept; null for nowhere.</param>
internal sealed class History(string? file = null)
{
    /// <summary>Lines that are kept.</summary>
    public const int Capacity = 1000;

    private readonly List<string> _lines = [];

    /// <summary>All lines.</summary>
    public IReadOnlyList<string> Lines => _lines;

    /// <summary>Reads the file, and shortens one that is too long; without one, or when it cannot be read, there is no history.</summary>
    public static History Load(string file)
    {
        var history = new History(file);
        try
        {
            string[] lines = File.ReadAllLines(file);
            foreach (string line in lines)
            {
                history.TryRemember(line);
            }

            if (lines.Length > Capacity)
            {
                history.Write(FileMode.Create, history.Lines);
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // The first session, or a home that is not ours.
        }

        return history;
    }

    /// <summary>Adds a line; not an empty one, nor the one just before again.</summary>
    public void Add(string line)
    {
        if (TryRemember(line))
        {
            Write(FileMode.Append, [line]);
        }
    }

    private bool TryRemember(string line)
    {
        if (line.Length == 0 || (_lines.Count > 0 && _lines[^1] == line))
        {
            return false;
        }

        _lines.Add(line);
        if (_lines.Count > Capacity)
        {
            _lines.RemoveAt(0);
        }

        return true;
    }

    private void Write(FileMode mode, IEnumerable<string> lines)
    {
        if (file is null)
        {
            return;
        }

        try
        {
            using var writer = new StreamWriter(file, new FileStreamOptions
            {
                Mode = mode,
                Access = FileAccess.Write,
                // Another session may be writing its own line.
                Share = FileShare.ReadWrite,
                UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
            });
            writer.Write(string.Concat(lines.Select(line => $"{line}\n")));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // The session has its lines all the same.
        }
    }
}
