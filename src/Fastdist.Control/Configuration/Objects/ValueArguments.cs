using System;
using System.Collections.Generic;
using System.Linq;
using System.Net;
using Fastdist.Control.Configuration.Language;
using Fastdist.Dns;
using Fastdist.Lua;
using Fastdist.Settings;
using Fastdist.Settings.Tables;

namespace Fastdist.Control.Configuration.Objects;

/// <summary>Reads names, addresses and networks that functions are given, as objects or as texts.</summary>
internal static class ValueArguments
{
    private const string NameExpected = "a name, as a DNSName or a string";
    private const string AddressExpected = "an address, as a ComboAddress or a string";

    /// <summary>A name.</summary>
    public static DomainName Name(this Arguments arguments, int index) => NameIn(arguments[index]) ?? throw arguments.Wrong(index, "name", NameExpected);

    /// <summary>A name, or a table of names.</summary>
    public static IEnumerable<DomainName> Names(this Arguments arguments, int index) => arguments[index] is LuaTable table
        ? table.Items.Select(item => NameIn(item) ?? throw new Arguments([item]).Wrong(0, "names", $"{NameExpected}, in each place of the table"))
        : [arguments.Name(index)];

    /// <summary>An address.</summary>
    public static AddressAndPort Address(this Arguments arguments, int index) => AddressIn(arguments[index]) ?? throw arguments.Wrong(index, "address", AddressExpected);

    /// <summary>An address; null for what is none.</summary>
    /// <exception cref="FormatException">It is the text of none.</exception>
    public static AddressAndPort? AddressIn(LuaValue value) => value switch
    {
        LuaObject { Target: Variable<AddressAndPort> address } => address.Value,
        LuaString text => Values.AsWritten(text.Text),
        _ => null,
    };

    /// <summary>A network, excluded if its text begins with <c>!</c>; null for what is none.</summary>
    public static (IPNetwork Network, bool IsIn)? NetworkIn(LuaValue value)
    {
        switch (value)
        {
            case LuaObject { Target: IPNetwork network }:
                return (network, true);
            case LuaString text when text.Text is var written && Netmask.TryParse(written.StartsWith('!') ? written[1..] : written, out IPNetwork network):
                return (network, !written.StartsWith('!'));
            default:
                return null;
        }
    }

    // An empty text is the root, as in dnsdist.
    private static DomainName? NameIn(LuaValue value) => value switch
    {
        LuaObject { Target: Variable<DomainName> name } => name.Value,
        LuaString { Bytes.IsEmpty: true } => DomainName.Root,
        LuaString text when DomainName.TryParse(text.Bytes, out DomainName? name) => name,
        _ => null,
    };
}
