using System.Collections.Generic;
using System.Linq;
using System.Text.RegularExpressions;

namespace Fastdist.Architecture.Tests;

/// <summary>One file of C#, as far as arrows are concerned: its namespace, its using lines, and the names in its code.</summary>
internal sealed partial class SourceFile
{
    /// <param name="path">Where it is, below the repository's root.</param>
    /// <param name="text">What it holds.</param>
    public SourceFile(string path, string text)
    {
        Path = path;
        string code = Unsaid().Replace(text, static match => new string('\n', match.Value.Count(c => c == '\n')));
        Lines = code.Split('\n');
        Namespace = NamespaceLine().Match(code).Groups[1].Value;
        Types = [.. TypeDeclaration().Matches(code).Select(match => match.Groups[1].Value)];
        Extensions = [.. ExtensionDeclaration().Matches(code).Select(match => match.Groups[1].Value)];
        Usings = [.. Lines.Index().Select(line => (line.Index + 1, UsingLine().Match(line.Item).Groups[1].Value)).Where(line => line.Value.Length > 0)];
    }

    public string Path { get; }

    /// <summary>Of the file; empty when it has none.</summary>
    public string Namespace { get; }

    /// <summary>Its lines without comments and literals.</summary>
    public string[] Lines { get; }

    /// <summary>What its using lines name, by line number: namespaces, and types behind <c>static</c> or an alias.</summary>
    public IReadOnlyList<(int Line, string Name)> Usings { get; }

    /// <summary>The types it declares, nested ones apart.</summary>
    public IReadOnlyList<string> Types { get; }

    /// <summary>The extension methods it declares.</summary>
    public IReadOnlyList<string> Extensions { get; }

    /// <summary>Names that stand alone, or begin a longer one, by line number.</summary>
    public IEnumerable<(int Line, string Name)> Names() => All(Name());

    /// <summary>Names behind a dot that are called, by line number.</summary>
    public IEnumerable<(int Line, string Name)> Calls() => All(Call());

    /// <summary>Names of two parts or more, each beginning with a capital, by line number.</summary>
    public IEnumerable<(int Line, string Name)> Qualified() => All(QualifiedName());

    private IEnumerable<(int Line, string Name)> All(Regex pattern) =>
        from line in Lines.Index()
        where !line.Item.StartsWith("using ", System.StringComparison.Ordinal) && !line.Item.StartsWith("namespace ", System.StringComparison.Ordinal)
        from match in pattern.Matches(line.Item)
        select (line.Index + 1, match.Groups[1].Value);

    [GeneratedRegex("""//[^\n]*|/\*.*?\*/|\"{3,}.*?\"{3,}|@"(?:[^"]|"")*"|"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)+'""", RegexOptions.Singleline)]
    private static partial Regex Unsaid();

    [GeneratedRegex(@"^namespace ([\w.]+)", RegexOptions.Multiline)]
    private static partial Regex NamespaceLine();

    [GeneratedRegex(@"^using (?:static )?(?:\w+ = )?([\w.]+);")]
    private static partial Regex UsingLine();

    [GeneratedRegex(@"^(?:public |internal )(?:[a-z]+ )*?(?:class|struct|record struct|record|interface|enum|delegate [\w<>?\[\]]+) (\w+)", RegexOptions.Multiline)]
    private static partial Regex TypeDeclaration();

    [GeneratedRegex(@"^    (?:public|internal) static [^(=]*?(\w+)(?:<[^>(]*>)?\(this ", RegexOptions.Multiline)]
    private static partial Regex ExtensionDeclaration();

    [GeneratedRegex(@"(?<![\w.])([A-Z]\w*)")]
    private static partial Regex Name();

    [GeneratedRegex(@"\.(\w+)\(")]
    private static partial Regex Call();

    [GeneratedRegex(@"(?<![\w.])([A-Z]\w*(?:\.[A-Z]\w*)+)")]
    private static partial Regex QualifiedName();
}
