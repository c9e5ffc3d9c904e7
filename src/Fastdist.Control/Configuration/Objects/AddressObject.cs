using System.Collections.Generic;
using Fastdist.Control.Configuration.Language;
using Fastdist.Lua;
using Fastdist.Settings;
using static Fastdist.Control.Configuration.Objects.ValueMethod;
using Address = Fastdist.Control.Configuration.Objects.Variable<Fastdist.Settings.AddressAndPort>;

namespace Fastdist.Control.Configuration.Objects;

/// <summary>An address with its port as an object, which truncate changes.</summary>
internal static class AddressObject
{
    /// <summary>Its methods; their first argument is the address.</summary>
    public static readonly IReadOnlyList<Function> Methods =
    [
        Giving<Address>("getPort", "", "its port; 0 for none", 0, static (self, _) => LuaValue.Of(self.Value.Port)),
        Giving<Address>("getRaw", "", "its 4 or 16 bytes", 0, static (self, _) => new LuaString(self.Value.Address.GetAddressBytes())),
        Giving<Address>("ipdecrypt", "key", "the address that ipencrypt made it of", 1, static (self, arguments) => Of(self.Value with { Address = IpCipher.Decrypt(self.Value.Address, Key(arguments, 1)) })),
        Giving<Address>("ipencrypt", "key", "another address, which tells nobody this one without the key", 1, static (self, arguments) => Of(self.Value with { Address = IpCipher.Encrypt(self.Value.Address, Key(arguments, 1)) })),
        Giving<Address>("isIPv4", "", "whether it is of IPv4", 0, static (self, _) => LuaValue.Of(self.Value.IsIPv4)),
        Giving<Address>("isIPv6", "", "whether it is of IPv6", 0, static (self, _) => LuaValue.Of(!self.Value.IsIPv4)),
        Giving<Address>("isMappedIPv4", "", "whether it is IPv6 for an address of IPv4", 0, static (self, _) => LuaValue.Of(self.Value.Address.IsIPv4MappedToIPv6)),
        Giving<Address>("mapToIPv4", "", "the address of IPv4 that it is IPv6 for", 0, static (self, _) => self.Value.Address.IsIPv4MappedToIPv6
            ? Of(self.Value with { Address = self.Value.Address.MapToIPv4() })
            : throw new ScriptException($"{self.Value} is no address of IPv4 in IPv6: isMappedIPv4 tells")),
        Giving<Address>("toString", "", "it without its port", 0, static (self, _) => LuaValue.Of($"{self.Value}")),
        Giving<Address>("tostring", "", "it without its port", 0, static (self, _) => LuaValue.Of($"{self.Value}")),
        Giving<Address>("toStringNoInterface", "", "it without its port and interface", 0, static (self, _) => LuaValue.Of(self.Value.WithoutInterface)),
        Giving<Address>("toStringReversed", "", "its numbers backwards, as its name has them", 0, static (self, _) => LuaValue.Of(self.Value.Reversed)),
        Giving<Address>("toStringWithPort", "", "it with its port", 0, static (self, _) => LuaValue.Of(self.Value.WithPort)),
        Giving<Address>("tostringWithPort", "", "it with its port", 0, static (self, _) => LuaValue.Of(self.Value.WithPort)),
        Doing<Address>("truncate", "bits", "keep its first bits only", 1, static (self, arguments) => self.Value = self.Value.Truncate(arguments.Integer(1, "bits", 0, int.MaxValue))),
    ];

    private static readonly LuaClass s_class = ObjectClass.Make<Address>("ComboAddress", "address", Methods, [], static self => $"{self.Value}");

    /// <summary>The object of an address.</summary>
    public static LuaValue Of(AddressAndPort address) => new LuaObject(s_class, new Address(address));

    private static byte[] Key(Arguments arguments, int index) => arguments.Bytes(index, "key") is { Length: IpCipher.KeySize } key
        ? key
        : throw new ScriptException($"a key has {IpCipher.KeySize} bytes: makeIPCipherKey makes one of a password");
}
