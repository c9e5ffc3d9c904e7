using System;
using System.Collections.Generic;
using Fastdist.Control.Configuration.Language;
using Fastdist.Control.Configuration.Objects;
using Fastdist.Dns;
using Fastdist.Lua;
using Fastdist.Settings;

namespace Fastdist.Control.Configuration.Functions;

/// <summary>Names, addresses and networks to compute with.</summary>
internal static class ValueFunctions
{
    /// <summary>All of them.</summary>
    public static readonly IReadOnlyList<Function> All =
    [
        Making("makeIPCipherKey", "password", "a key for an address's ipencrypt", 1, 1, static arguments => new LuaString(IpCipher.MakeKey(arguments.Bytes(0, "password")))),
        Making("newCA", "address", "an address of its text, with or without a port", 1, 1, static arguments => AddressObject.Of(arguments.Address(0))),
        Making("newCAFromRaw", "bytes[, port]", "an address of its bytes", 1, 2, static arguments =>
            AddressObject.Of(AddressAndPort.OfBytes(arguments.Bytes(0, "bytes"), arguments.Has(1) ? arguments.Integer(1, "port", 0, ushort.MaxValue) : 0))),
        Making("newDNSName", "name", "a name of its text", 1, 1, static arguments => NameObject.Of(arguments.Name(0))),
        Making("newDNSNameFromRaw", "bytes", "a name of its wire form", 1, 1, static arguments =>
            DomainName.TryRead(arguments.Bytes(0, "bytes"), out DomainName? name) ? NameObject.Of(name) : throw new ScriptException("these bytes are no name in wire form")),
        Making("newDNSNameSet", "", "a set of names", 0, 0, static _ => NameSetObjects.Of(new NameSet())),
        Making("newNetmask", "network | address, bits", "a network of its text, or of an address in it", 1, 2, NetworkObjects.Of),
        Making("newNMG", "", "a group of networks", 0, 0, static _ => NetworkObjects.Of(new NetmaskGroup())),
        Making("newSuffixMatchNode", "", "a set of names that stand for all below them", 0, 0, static _ => NameSetObjects.Of(new SuffixSet())),
    ];

    // They touch no draft, so that a console's client that reads a configuration can have them.
    private static Function Making(string name, string parameters, string help, int least, int most, Func<Arguments, LuaValue> make) =>
        new(name, parameters, help, (_, arguments) => make(arguments)) { Least = least, Most = most, IsForClients = true };
}
