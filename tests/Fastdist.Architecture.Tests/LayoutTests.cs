using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using Xunit;

namespace Fastdist.Architecture.Tests;

/// <summary>The part of the layout that neither the build nor the check of blanks looks at.</summary>
public class LayoutTests
{
    [Fact]
    public void Using_lines_are_in_order_those_of_System_first()
    {
        string[] wrong = [.. Repository.AllFiles().Where(path => !IsInOrder(File.ReadLines(path))).Select(path => Path.GetRelativePath(Repository.Root, path))];
        Assert.True(wrong.Length == 0, $"'make format' puts the using lines of these in order: {string.Join(", ", wrong)}");
    }

    [Theory]
    [InlineData(true, "using System;", "using System.Text;", "using Fastdist.Dns;", "using Xunit;")]
    [InlineData(true, "using Fastdist.Dns;", "using static System.Math;", "using Bytes = System.ReadOnlySpan<byte>;")]
    [InlineData(false, "using Xunit;", "using Fastdist.Dns;")]
    [InlineData(false, "using Fastdist.Dns;", "using System;")]
    [InlineData(false, "using System.Text;", "using System;")]
    [InlineData(false, "using static System.Math;", "using System;")]
    public void The_order_is_that_of_the_layout(bool isInOrder, params string[] lines) =>
        Assert.Equal(isInOrder, IsInOrder([.. lines, "", "namespace N;"]));

    private static bool IsInOrder(IEnumerable<string> lines)
    {
        (int Kind, bool IsElsewhere, string Name)[] found =
            [.. lines.TakeWhile(line => !line.StartsWith("namespace ", StringComparison.Ordinal)).Where(line => line.StartsWith("using ", StringComparison.Ordinal)).Select(Place)];
        return found.SequenceEqual(found.OrderBy(line => line.Kind).ThenBy(line => line.IsElsewhere).ThenBy(line => line.Name, StringComparer.OrdinalIgnoreCase));
    }

    /// <summary>Namespaces, then types behind <c>static</c>, then aliases; in each, System's before the others.</summary>
    private static (int Kind, bool IsElsewhere, string Name) Place(string line)
    {
        string rest = line["using ".Length..].TrimEnd(';');
        int kind = rest.StartsWith("static ", StringComparison.Ordinal) ? 1 : rest.Contains('=', StringComparison.Ordinal) ? 2 : 0;
        string name = kind == 1 ? rest["static ".Length..] : rest;
        return (kind, kind != 2 && name != "System" && !name.StartsWith("System.", StringComparison.Ordinal), name);
    }
}
