using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using Fastdist.Control.Configuration;
using Fastdist.Settings;
using Fastdist.Settings.Tables;

namespace Fastdist.Control.Tests.Configuration;

/// <summary>A configuration in a folder of its own, and what it comes to.</summary>
internal sealed class Configured : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("configured").FullName;
    private readonly Problems _problems = new();
    private LoadedConfiguration? _loaded;

    /// <summary>The settings that it leads to.</summary>
    public ProcessOptions Settings { get; private set; } = new();

    /// <summary>What is wrong with it, the folder left out.</summary>
    public IReadOnlyList<string> Problems
    {
        get
        {
            try
            {
                _problems.ThrowIfAny();
                return [];
            }
            catch (OptionException exception)
            {
                return [.. exception.Lines.Select(Short)];
            }
        }
    }

    /// <summary>What is doubtful about it, the folder left out.</summary>
    public IReadOnlyList<string> Warnings => [.. _problems.Notes.Where(note => note.Level == NoteLevel.Warning).Select(note => Short(note.Text))];

    /// <summary>What it wrote to the log.</summary>
    public IReadOnlyList<Note> Notes => [.. _problems.Notes];

    /// <summary>Path of a file of its folder.</summary>
    public string this[string file] => Path.Combine(_folder, file);

    /// <summary>Reads a text as the whole configuration.</summary>
    public static Configured Read(string text, Func<ProcessOptions, ProcessOptions>? change = null)
    {
        var configured = new Configured();
        configured.Write("fastdist.conf", text);
        return configured.Read(change);
    }

    /// <summary>Reads it, once its files are there.</summary>
    /// <param name="change">Settings that it begins with; as they are without.</param>
    /// <param name="isForClient">Whether a console's client reads it.</param>
    public Configured Read(Func<ProcessOptions, ProcessOptions>? change = null, bool isForClient = false)
    {
        var start = new ProcessOptions { ConfigurationFile = this["fastdist.conf"] };
        Settings = ConfigurationFile.Read(change?.Invoke(start) ?? start, isForClient, _problems, out _loaded);
        return this;
    }

    /// <summary>Puts a file into its folder.</summary>
    public Configured Write(string file, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(this[file])!);
        File.WriteAllText(this[file], text);
        return this;
    }

    public void Dispose()
    {
        _loaded?.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private string Short(string line) => line.Replace(_folder + "/", "", StringComparison.Ordinal);
}
