using System;
using System.Collections.Generic;
using Fastdist.Tls;

namespace Fastdist.Settings.Tables;

/// <summary>What is wrong with the settings, gathered so that an operator sees all of it at once.</summary>
public sealed class Problems
{
    private readonly List<string> _lines = [];
    private readonly List<Note> _notes = [];
    private readonly HashSet<Note> _said = [];

    /// <summary>Whether there is any.</summary>
    public bool Any => _lines.Count > 0;

    /// <summary>All of them, a line each.</summary>
    public IReadOnlyList<string> Lines => _lines;

    /// <summary>How many there are.</summary>
    public int Count => _lines.Count;

    /// <summary>What else is to be in the log once there is one.</summary>
    public IReadOnlyList<Note> Notes => _notes;

    /// <summary>Has something be in the log, once.</summary>
    public void Say(Note note)
    {
        if (_said.Add(note))
        {
            _notes.Add(note);
        }
    }

    /// <summary>Notes one.</summary>
    public void Add(string line) => _lines.Add(line);

    /// <summary>Notes several.</summary>
    public void Add(IEnumerable<string> lines) => _lines.AddRange(lines);

    /// <summary>Reads a setting; what is wrong with it is noted.</summary>
    /// <param name="read">Gives the setting, or throws an exception for the operator.</param>
    /// <param name="otherwise">What to go on with when it does.</param>
    public T Try<T>(Func<T> read, T otherwise)
    {
        try
        {
            return read();
        }
        catch (OptionException exception)
        {
            _lines.AddRange(exception.Lines);
        }
        catch (TlsConfigurationException exception)
        {
            _lines.Add(exception.Message);
        }

        return otherwise;
    }

    /// <exception cref="OptionException">There are some; it has a line for each.</exception>
    public void ThrowIfAny()
    {
        if (Any)
        {
            throw new OptionException(_lines);
        }
    }
}
