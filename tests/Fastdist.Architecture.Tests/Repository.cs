using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Xml.Linq;

namespace Fastdist.Architecture.Tests;

/// <summary>The sources that the test was built from.</summary>
internal static class Repository
{
    public static readonly string Root = Find();

    /// <summary>Names of the assemblies under <c>src</c>.</summary>
    public static IEnumerable<string> Assemblies => Directory.EnumerateDirectories(Path.Combine(Root, "src")).Select(Path.GetFileName).Select(name => name!).Order(StringComparer.Ordinal);

    /// <summary>The files of an assembly, those apart that its build makes.</summary>
    public static IReadOnlyList<SourceFile> FilesOf(string assembly)
    {
        string folder = Path.Combine(Root, "src", assembly);
        return
        [
            .. from path in Directory.EnumerateFiles(folder, "*.cs", SearchOption.AllDirectories).Order(StringComparer.Ordinal)
               let first = Path.GetRelativePath(folder, path).Split('/')[0]
               where first is not ("bin" or "obj")
               select new SourceFile(Path.GetRelativePath(Root, path), File.ReadAllText(path)),
        ];
    }

    /// <summary>All files of C#, wherever they are, those apart that a build makes.</summary>
    public static IEnumerable<string> AllFiles() =>
        from room in (string[])["src", "tests", "tools", "perf"]
        from path in Directory.EnumerateFiles(Path.Combine(Root, room), "*.cs", SearchOption.AllDirectories)
        where !path.Split('/').Any(folder => folder is "bin" or "obj" or "node_modules")
        select path;

    /// <summary>The assemblies that an assembly's project refers to.</summary>
    public static IReadOnlyList<string> ReferencesOf(string assembly) =>
        [.. ItemsOf(assembly, "ProjectReference").Select(path => Path.GetFileNameWithoutExtension(path))];

    /// <summary>The namespaces that its project uses in every file.</summary>
    public static IReadOnlyList<string> GlobalUsingsOf(string assembly) => [.. ItemsOf(assembly, "Using")];

    private static IEnumerable<string> ItemsOf(string assembly, string item) =>
        XDocument.Load(Path.Combine(Root, "src", assembly, $"{assembly}.csproj")).Descendants(item).Select(element => element.Attribute("Include")!.Value);

    private static string Find()
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "fastdist.sln")))
            {
                return folder.FullName;
            }
        }

        throw new DirectoryNotFoundException($"no fastdist.sln above {AppContext.BaseDirectory}");
    }
}
