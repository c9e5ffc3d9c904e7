using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text;
using Fastdist.Control.Consoles.Interop;

namespace Fastdist.Control.Consoles.Editing;

/// <summary>
/// Lines typed before, the oldest first, kept in a file that only its owner may read: keys and passwords are typed too.
/// Each line is appended at once, so that neither a session that is killed nor one beside it loses any.
/// </summary>
/// <param name="file">Where they are kept; null for nowhere.</param>
internal sealed class History(string? file = null)
{
    /// <summary>Lines that are kept.</summary>
    public const int Capacity = 1000;

    private readonly List<string> _lines = [];

    /// <summary>All lines.</summary>
    public IReadOnlyList<string> Lines => _lines;

    /// <summary>Reads the file, and shortens one that is far too long; without one, or when it cannot be read, there is no history.</summary>
    public static History Load(string file)
    {
        var history = new History(file);
        try
        {
            string text = File.ReadAllText(file);
            foreach (string line in text.Split('\n'))
            {
                history.TryRemember(line);
            }

            // What another session appends just now is lost with it, hence not at every start.
            if (text.AsSpan().Count('\n') > 2 * Capacity)
            {
                File.WriteAllText(file, string.Concat(history._lines.Select(line => $"{line}\n")));
            }
            else if (text.Length > 0 && !text.EndsWith('\n'))
            {
                history.Append("");
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
            Append(line);
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

    private void Append(string line)
    {
        if (file is null)
        {
            return;
        }

        try
        {
            using FileStream stream = AppendFile.Open(file);
            stream.Write(Encoding.UTF8.GetBytes($"{line}\n"));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // The session has its lines all the same.
        }
    }
}
