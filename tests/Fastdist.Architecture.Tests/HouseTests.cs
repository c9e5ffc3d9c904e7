using System.Collections.Generic;
using System.IO;
using System.Linq;
using Xunit;

namespace Fastdist.Architecture.Tests;

/// <summary>The walls of the house stand where the table says.</summary>
public class HouseTests
{
    public static TheoryData<string> Assemblies => [.. Repository.Assemblies];

    [Theory]
    [MemberData(nameof(Assemblies))]
    public void A_project_refers_only_to_what_is_below_it(string assembly)
    {
        Room room = House.Assemblies.SingleOrDefault(one => one.Name == assembly) ?? throw new InvalidDataException($"src/{assembly} is in no line of the table of assemblies: give it one");
        string[] wrong = [.. Repository.ReferencesOf(assembly).Except(room.MayUse)];
        Assert.True(wrong.Length == 0, $"src/{assembly}/{assembly}.csproj refers to {string.Join(", ", wrong)}, and {assembly} may use only {string.Join(", ", room.MayUse)}");
    }

    [Theory]
    [MemberData(nameof(Assemblies))]
    public void Each_file_says_itself_what_it_uses(string assembly)
    {
        IReadOnlyList<string> everywhere = Repository.GlobalUsingsOf(assembly);
        Assert.True(everywhere.Count == 0, $"src/{assembly}/{assembly}.csproj uses {string.Join(", ", everywhere)} in every file: write it where it is used");
    }

    [Theory]
    [MemberData(nameof(Assemblies))]
    public void A_namespace_is_its_folder(string assembly)
    {
        string[] wrong =
        [
            .. from file in Repository.FilesOf(assembly)
               where file.Namespace.Length > 0
               let folder = Path.GetDirectoryName(Path.GetRelativePath("src", file.Path))!.Replace('/', '.')
               where file.Namespace != folder
               select $"{file.Path}: the namespace is {file.Namespace}, and its folder says {folder}",
        ];
        Assert.True(wrong.Length == 0, string.Join('\n', wrong));
    }

    [Theory]
    [MemberData(nameof(Assemblies))]
    public void Every_namespace_of_an_assembly_with_several_rooms_is_in_one_of_them(string assembly)
    {
        string[] wrong =
        [
            .. from file in Repository.FilesOf(assembly)
               where House.Namespaces.Any(room => House.AssemblyOf(room.Name)!.Name == assembly) && file.Namespace.Length > 0
               where House.RoomOf(file.Namespace) is not { } room || (room.Name == assembly && file.Namespace != assembly)
               select $"{file.Path}: {file.Namespace} is in no line of the table of namespaces: give it one",
        ];
        Assert.True(wrong.Length == 0, string.Join('\n', wrong));
    }

    [Fact]
    public void Arrows_point_down()
    {
        string[] wrong = [.. WrongArrows().Select(arrow => $"{arrow}")];
        Assert.True(wrong.Length == 0, string.Join('\n', wrong));
    }

    [Fact]
    public void The_tables_know_no_circle()
    {
        foreach (IReadOnlyList<Room> table in (IReadOnlyList<Room>[])[House.Assemblies, House.Namespaces])
        {
            foreach ((int index, Room room) in table.Index())
            {
                Assert.All(room.MayUse, used => Assert.Contains(used, table.Take(index).Select(below => below.Name)));
            }
        }
    }

    private static IEnumerable<Arrow> WrongArrows() =>
        from assembly in Repository.Assemblies
        from arrow in new Arrows(Repository.FilesOf(assembly), Repository.GlobalUsingsOf(assembly)).All()
        where !arrow.From.Allows(arrow.To)
        select arrow;
}
