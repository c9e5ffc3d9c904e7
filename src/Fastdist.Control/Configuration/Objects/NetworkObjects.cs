using System.Collections.Generic;
using System.Net;
using System.Net.Sockets;
using Fastdist.Control.Configuration.Language;
using Fastdist.Lua;
using Fastdist.Settings;
using static Fastdist.Control.Configuration.Objects.ValueMethod;
using SocketAddress = Fastdist.Ring.SocketAddress;

namespace Fastdist.Control.Configuration.Objects;

/// <summary>Networks and groups of them as objects.</summary>
internal static class NetworkObjects
{
    private const string NetworkExpected = "a network such as '192.0.2.0/24' or '2001:db8::/32'";

    /// <summary>Methods of a network, which is their first argument.</summary>
    public static readonly IReadOnlyList<Function> NetworkMethods =
    [
        Giving<IPNetwork>("empty", "", "false: there is none that is not set", 0, static (_, _) => LuaValue.Of(false)),
        Giving<IPNetwork>("getBits", "", "bits that its addresses share", 0, static (self, _) => LuaValue.Of(self.PrefixLength)),
        Giving<IPNetwork>("getMaskedNetwork", "", "its first address", 0, static (self, _) => First(self)),
        Giving<IPNetwork>("getNetwork", "", "its first address", 0, static (self, _) => First(self)),
        Giving<IPNetwork>("isIPv4", "", "whether it is of IPv4", 0, static (self, _) => LuaValue.Of(IsIPv4(self))),
        Giving<IPNetwork>("isIpv4", "", "whether it is of IPv4", 0, static (self, _) => LuaValue.Of(IsIPv4(self))),
        Giving<IPNetwork>("isIPv6", "", "whether it is of IPv6", 0, static (self, _) => LuaValue.Of(!IsIPv4(self))),
        Giving<IPNetwork>("isIpv6", "", "whether it is of IPv6", 0, static (self, _) => LuaValue.Of(!IsIPv4(self))),
        Giving<IPNetwork>("match", "address", "whether an address is in it", 1, static (self, arguments) => LuaValue.Of(self.Contains(SocketAddress.Unmapped(arguments.Address(1).Address)))),
        Giving<IPNetwork>("toString", "", "it as it is written", 0, static (self, _) => LuaValue.Of($"{self}")),
    ];

    private static readonly LuaClass s_network = ObjectClass.Make<IPNetwork>("Netmask", "netmask", NetworkMethods, [], static self => $"{self}");

    /// <summary>Methods of a group, which is their first argument.</summary>
    public static readonly IReadOnlyList<Function> GroupMethods =
    [
        Doing<NetmaskGroup>("addMask", "network", "put a network into it; with ! in front it is excluded", 1, static (self, arguments) =>
        {
            (IPNetwork network, bool isIn) = ValueArguments.NetworkIn(arguments[1]) ?? throw arguments.Wrong(1, "network", NetworkExpected);
            self.Add(network, isIn);
        }),
        Doing<NetmaskGroup>("addMasks", "{network, ...} | {[address]=number, ...}", "put networks into it, or the addresses that are a table's keys", 1, AddAll),
        Doing<NetmaskGroup>("addNMG", "group", "put the networks of another group into it", 1, static (self, arguments) =>
        {
            foreach ((IPNetwork network, bool isIn) in arguments.Object<NetmaskGroup>(1, "group", "a NetmaskGroup").Networks)
            {
                self.Add(network, isIn);
            }
        }),
        Doing<NetmaskGroup>("clear", "", "take all networks out", 0, static (self, _) => self.Clear()),
        Giving<NetmaskGroup>("match", "address", "whether an address is in it, and not excluded", 1, static (self, arguments) =>
            LuaValue.Of(self.Contains(SocketAddress.From(new IPEndPoint(arguments.Address(1).Address, 0))))),
        Giving<NetmaskGroup>("size", "", "how many networks are in it", 0, static (self, _) => LuaValue.Of(self.Count)),
        Giving<NetmaskGroup>("toString", "", "its networks", 0, static (self, _) => LuaValue.Of(Text(self))),
    ];

    private static readonly LuaClass s_group = ObjectClass.Make<NetmaskGroup>("NetmaskGroup", "netmaskgroup", GroupMethods, [], Text);

    /// <summary>The object of a group of networks.</summary>
    public static LuaValue Of(NetmaskGroup group) => new LuaObject(s_group, group);

    /// <summary>The object of a network that is given as its text, or as an address and how many bits it has of it.</summary>
    public static LuaValue Of(Arguments arguments)
    {
        if (arguments[0] is LuaObject { Target: Variable<AddressAndPort> address })
        {
            int bits = Netmask.BitsOf(address.Value.Address);
            return new LuaObject(s_network, Netmask.Of(address.Value.Address, arguments.Has(1) ? arguments.Integer(1, "bits", 0, bits) : bits));
        }

        return ValueArguments.NetworkIn(arguments[0]) is (IPNetwork network, true) && !arguments.Has(1)
            ? new LuaObject(s_network, network)
            : throw arguments.Wrong(0, "network", $"{NetworkExpected}, or an address that newCA made and a number of bits");
    }

    private static void AddAll(NetmaskGroup group, Arguments arguments)
    {
        LuaTable table = arguments.Table(1, "networks");
        foreach (LuaValue item in table.Items)
        {
            (IPNetwork network, bool isIn) = ValueArguments.NetworkIn(item) ?? throw new Arguments([item]).Wrong(0, "networks", $"{NetworkExpected}, in each place of the table");
            group.Add(network, isIn);
        }

        foreach ((LuaValue key, _) in table.Fields)
        {
            AddressAndPort address = ValueArguments.AddressIn(key) ?? throw new Arguments([key]).Wrong(0, "networks", "addresses as keys of the table");
            group.Add(Netmask.Of(address.Address, Netmask.BitsOf(address.Address)), isIn: true);
        }
    }

    private static LuaValue First(IPNetwork network) => AddressObject.Of(new AddressAndPort(network.BaseAddress, 0));

    private static bool IsIPv4(IPNetwork network) => network.BaseAddress.AddressFamily == AddressFamily.InterNetwork;

    private static string Text(NetmaskGroup group) => $"NetmaskGroup {group}";
}
