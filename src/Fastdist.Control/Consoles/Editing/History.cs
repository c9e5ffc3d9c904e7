using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;

namespace Fastdist.Control.Consoles.Editing;

/// <summary>Lines typed before, the oldest first, kept in a file that only its owner may read: keys and passwords are typed too.</summary>
internal sealed class History
{
    /// <summary>Lines that are kept.</summary>
    public const int Capacity = 1000;

    private readonly List<string> _lines = [];

    /// <summary>All lines.</summary>
    public IReadOnlyList<string> Lines => _lines;

    /// <summary>Reads the file; without one, or when it cannot be read, there is no history.</summary>
    public static History Load(string path)
    {
        var history = new History();
        try
        {
            foreach (string line in File.ReadLines(path).TakeLast(Capacity))
            {
                history.Add(line);
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
        if (line.Length == 0 || (_lines.Count > 0 && _lines[^1] == line))
        {
            return;
        }

        _lines.Add(line);
        if (_lines.Count > Capacity)
        {
            _lines.RemoveAt(0);
        }
    }

    /// <summary>Writes the file anew.</summary>
    /// <returns>False when it cannot be written.</returns>
    public bool TrySave(string path)
    {
        try
        {
            using var file = new StreamWriter(path, new FileStreamOptions
            {
                Mode = FileMode.Create,
                Access = FileAccess.Write,
                UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
            });
            foreach (string line in _lines)
            {
                file.Write(line + "\n");
            }

            return true;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}
