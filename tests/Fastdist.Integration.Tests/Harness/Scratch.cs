using System;
using System.IO;

namespace Fastdist.Integration.Tests.Harness;

/// <summary>A folder of the test's own, gone with it.</summary>
internal sealed class Scratch : IDisposable
{
    public Scratch()
    {
        Folder = Directory.CreateTempSubdirectory("fastdist-test-").FullName;
        // Daemons that drop their privileges read their files from here.
        File.SetUnixFileMode(Folder, (UnixFileMode)0b111_101_101);
    }

    public string Folder { get; }

    public string PathOf(string name) => Path.Combine(Folder, name);

    public string Write(string name, string text)
    {
        // A program that is just reading it sees the one before, whole.
        string next = PathOf($"{name}.{Guid.NewGuid():N}");
        File.WriteAllText(next, text);
        File.Move(next, PathOf(name), overwrite: true);
        return PathOf(name);
    }

    /// <summary>A file that only its owner may read.</summary>
    public string WriteSecret(string name, string text)
    {
        Write(name, text);
        File.SetUnixFileMode(PathOf(name), UnixFileMode.UserRead | UnixFileMode.UserWrite);
        return PathOf(name);
    }

    /// <inheritdoc cref="WriteSecret(string, string)"/>
    public string WriteSecret(string name, byte[] content)
    {
        WriteSecret(name, "");
        File.WriteAllBytes(PathOf(name), content);
        return PathOf(name);
    }

    public void Dispose() => Directory.Delete(Folder, recursive: true);
}
