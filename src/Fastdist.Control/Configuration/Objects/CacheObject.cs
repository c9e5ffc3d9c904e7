using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Net;
using System.Text;
using Fastdist.Cache;
using Fastdist.Control.Configuration.Language;
using Fastdist.Control.Figures;
using Fastdist.Dns;
using Fastdist.Lua;
using Fastdist.Settings;

namespace Fastdist.Control.Configuration.Objects;

/// <summary>
/// A packet cache as an object. It is its settings: what they came to in the running process is found by them, and while no pool has it, it is empty.
/// </summary>
internal static class CacheObject
{
    private const UnixFileMode DumpMode = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.GroupWrite;

    /// <summary>Its methods; their first argument is the cache.</summary>
    public static readonly IReadOnlyList<Function> Methods =
    [
        Asking("toString", "", "how many entries it has, and may have", 0, static (script, self, _) => LuaValue.Of($"{FiguresOf(script, self).Entries}/{self.MaxEntries}")),
        Asking("isFull", "", "whether it has as many entries as it may", 0, static (script, self, _) => LuaValue.Of(FiguresOf(script, self).Entries >= self.MaxEntries)),
        Asking("getStats", "", "what it has counted", 0, static (script, self, _) =>
            new LuaTable([], [.. CacheListing.Figures(FiguresOf(script, self), self.MaxEntries).Select(static figure => (LuaValue.Of(figure.Key), LuaValue.Of(figure.Value)))])),
        Printing("printStats", "", "print what it has counted", 0, 0, static (script, self, _) => CacheListing.Print(FiguresOf(script, self), self.MaxEntries)),
        Telling("purgeExpired", "entries", "remove entries whose time is over until no more than so many are left; how many were removed", static (script, cache, most) => cache.PurgeExpired(most, script.Operator.CacheNow)),
        Telling("expunge", "entries", "remove entries until no more than so many are left; how many were removed", static (_, cache, most) => cache.Expunge(most)),
        Printing("expungeByName", "name | {name, ...}[, type[, suffix]]", "remove the entries about a name, of a type or all, and of the names below it or not", 1, 3, static (script, self, arguments) =>
            $"Expunged {ExpungeByName(script, self, arguments)} records\n"),
        Asking("getDomainListByAddress", "address", "the names of answers that an address is in", 1, static (script, self, arguments) =>
            LuaValue.Of([.. NamesWith(script, self, arguments.Address(1).Address)])),
        Asking("getAddressListByDomain", "name", "the addresses in answers about a name", 1, static (script, self, arguments) =>
            LuaValue.Of([.. (Running(script, self)?.FindAddresses(arguments.Name(1)) ?? []).Select(static address => AddressObject.Of(new AddressAndPort(address, 0)))])),
        Printing("dump", "file[, raw]", "write its entries to a new file, with the answers themselves in base64 or without", 1, 2, static (script, self, arguments) =>
            $"Dumped {Dump(script, self, arguments.String(1, "file"), arguments.Has(2) && arguments.Boolean(2, "raw"))} records\n"),
    ];

    private static readonly LuaClass s_class = ObjectClass.Make<CacheOptions>("PacketCache", "cache", Methods, [], static cache => $"a packet cache of {cache.MaxEntries} entries");

    /// <summary>The object of a cache.</summary>
    public static LuaValue Of(CacheOptions cache) => new LuaObject(s_class, cache);

    /// <summary>The cache that a method was called on, or that a function was given.</summary>
    public static CacheOptions From(Arguments arguments, int index = 0) => arguments.Object<CacheOptions>(index, "cache", "a cache that newPacketCache made");

    /// <summary>What runs of it; null for nothing.</summary>
    private static PacketCache? Running(Script script, CacheOptions options) => script.Occasion == Occasion.Console ? script.Operator.Cache(options) : null;

    private static CacheFigures FiguresOf(Script script, CacheOptions options) => Running(script, options)?.Figures ?? default;

    private static long ExpungeByName(Script script, CacheOptions self, Arguments arguments)
    {
        int type = arguments.Has(2) ? arguments.Integer(2, "type", 0, ushort.MaxValue) : (int)RecordType.ANY;
        bool isSuffix = arguments.Has(3) && arguments.Boolean(3, "suffix");
        DomainName[] names = [.. arguments.Names(1)];
        return Running(script, self) is { } cache ? names.Sum(name => cache.ExpungeByName(name, type == (int)RecordType.ANY ? null : (RecordType)type, isSuffix)) : 0;
    }

    private static IEnumerable<LuaValue> NamesWith(Script script, CacheOptions self, IPAddress address)
    {
        foreach (string text in Running(script, self)?.FindNames(address) ?? [])
        {
            if (DomainName.TryParse(Encoding.ASCII.GetBytes(text), out DomainName? name))
            {
                yield return NameObject.Of(name);
            }
        }
    }

    private static long Dump(Script script, CacheOptions self, string path, bool isRaw)
    {
        try
        {
            using var file = new FileStream(path, new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, UnixCreateMode = DumpMode });
            using var writer = new StreamWriter(file) { NewLine = "\n" };
            writer.WriteLine("; dnsdist's packet cache dump follows\n;");
            return Running(script, self)?.Dump(writer, isRaw, script.Operator.CacheNow) ?? 0;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw new ScriptException(File.Exists(path) ? $"'{path}' is there already: name a new file" : $"cannot write '{path}': {exception.Message}");
        }
    }

    private static Function Asking(string name, string parameters, string help, int count, Func<Script, CacheOptions, Arguments, LuaValue> ask) =>
        new(name, parameters, help, (script, arguments) => ask(script, From(arguments), arguments)) { Least = 1 + count, Most = 1 + count };

    private static Function Printing(string name, string parameters, string help, int least, int most, Func<Script, CacheOptions, Arguments, string> print) =>
        Function.Doing(name, parameters, help, 1 + least, 1 + most, (script, arguments) => script.Print(print(script, From(arguments), arguments))) with { IsForProcess = true };

    private static Function Telling(string name, string parameters, string help, Func<Script, PacketCache, long, long> tell) =>
        new(name, parameters, help, (script, arguments) =>
        {
            int most = arguments.Integer(1, parameters, 0, int.MaxValue);
            return LuaValue.Of(Running(script, From(arguments)) is { } cache ? tell(script, cache, most) : 0);
        })
        { Least = 2, Most = 2, IsForProcess = true, IsChange = true };
}
