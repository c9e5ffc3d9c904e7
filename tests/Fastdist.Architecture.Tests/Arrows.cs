using System;
using System.Collections.Generic;
using System.Linq;

namespace Fastdist.Architecture.Tests;

/// <summary>That a file uses a room.</summary>
/// <param name="File">The file.</param>
/// <param name="Line">Where it does.</param>
/// <param name="From">The room that the file is part of.</param>
/// <param name="To">The room that it uses.</param>
/// <param name="By">What it writes there.</param>
internal readonly record struct Arrow(string File, int Line, Room From, Room To, string By)
{
    public override string ToString() =>
        $"{File}:{Line}: '{By}' is an arrow from {From.Name} to {To.Name}, and {From.Name} may use only {(From.MayUse.Length > 0 ? string.Join(", ", From.MayUse) : "what other assemblies offer")}";
}

/// <summary>
/// Finds the arrows between namespaces of the same assembly. Using lines tell most of them; what is seen without one, because it is in a
/// namespace around the file's own, is in a using of the whole project, or is written with its namespace before it, is found by name.
/// </summary>
/// <param name="files">The files of the assembly.</param>
/// <param name="globalUsings">The namespaces that every file of the assembly uses.</param>
internal sealed class Arrows(IReadOnlyList<SourceFile> files, IReadOnlyList<string> globalUsings)
{
    private readonly ILookup<string, Room> _byType = ByName(files, file => file.Types);
    private readonly ILookup<string, Room> _byExtension = ByName(files, file => file.Extensions);

    /// <summary>Every arrow that leaves its file's room.</summary>
    public IEnumerable<Arrow> All() => files.SelectMany(Of).Where(arrow => arrow.To != arrow.From);

    private static ILookup<string, Room> ByName(IEnumerable<SourceFile> files, Func<SourceFile, IEnumerable<string>> namesOf) => files
        .SelectMany(file => namesOf(file).Select(name => (Name: name, Room: House.RoomOf(file.Namespace))))
        .Where(one => one.Room is not null).Distinct()
        .ToLookup(one => one.Name, one => one.Room!);

    private IEnumerable<Arrow> Of(SourceFile file)
    {
        if (House.RoomOf(file.Namespace) is not { } own)
        {
            return [];
        }

        Arrow To(int line, Room room, string by) => new(file.Path, line, own, room, by);
        return
        [
            .. from line in file.Usings let room = House.RoomOf(line.Name) where room is not null && IsOfAssembly(room) select To(line.Line, room, $"using {line.Name}"),
            .. from name in file.Names() from room in Meant(_byType[name.Name]) select To(name.Line, room, name.Name),
            .. from call in file.Calls() from room in Meant(_byExtension[call.Name]) select To(call.Line, room, call.Name),
            .. from name in file.Qualified() from room in RoomsIn(name.Name) select To(name.Line, room, name.Name),
        ];

        // The nearest namespace wins: a name that the room itself has means nobody else's.
        IEnumerable<Room> Meant(IEnumerable<Room> rooms)
        {
            Room[] all = [.. rooms];
            return all.Contains(own) ? [] : all.Where(room => IsSeen(room, file));
        }
    }

    private bool IsSeen(Room room, SourceFile file) => globalUsings.Contains(room.Name) || file.Namespace.StartsWith($"{room.Name}.", StringComparison.Ordinal);

    private bool IsOfAssembly(Room room) => files.Any(file => House.RoomOf(file.Namespace) == room);

    /// <summary>The rooms whose types are written with at least the last part of their namespace before them.</summary>
    private IEnumerable<Room> RoomsIn(string name)
    {
        string[] parts = name.Split('.');
        for (int i = 1; i < parts.Length; i++)
        {
            foreach (Room room in _byType[parts[i]])
            {
                string before = string.Join('.', parts[..i]);
                if (room.Name == before || room.Name.EndsWith($".{before}", StringComparison.Ordinal))
                {
                    yield return room;
                }
            }
        }
    }
}
