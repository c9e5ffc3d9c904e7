using static Fastdist.Control.Configuration.Dnsdist.DnsdistName;

namespace Fastdist.Control.Configuration.Dnsdist;

/// <summary>Values that configurations compute with.</summary>
internal static class ObjectNames
{
    public static readonly DnsdistTheme Names = new("Names",
    [
        .. Same("newDNSName", "newDNSNameFromRaw", "newDNSNameSet", "newSuffixMatchNode"),
        .. Same("name:append", "name:chopOff", "name:countLabels", "name:isPartOf", "name:makeRelative", "name:prepend", "name:toDNSString", "name:toString", "name:tostring", "name:toStringNoDot", "name:wirelength"),
        .. Different("another number, the same in any case and on any machine", "name:hash"),
        .. Same("nameset:add", "nameset:check", "nameset:clear", "nameset:delete", "nameset:empty", "nameset:size", "nameset:toString"),
        .. Same("suffixset:add", "suffixset:check", "suffixset:getBestMatch", "suffixset:remove"),
    ]);

    public static readonly DnsdistTheme Networks = new("Addresses and networks",
    [
        .. Same("newCA", "newCAFromRaw", "newNMG"),
        .. Different("a network of IPv4 in IPv6 (::ffff:0:0/96) is the network of IPv4", "newNetmask"),
        .. Different("an address of IPv4 in IPv6 is looked up as the address of IPv4", "netmask:match", "netmaskgroup:match"),
        .. Same("address:getPort", "address:getRaw", "address:ipdecrypt", "address:ipencrypt", "address:isIPv4", "address:isIPv6", "address:isMappedIPv4", "address:mapToIPv4", "address:truncate"),
        .. Same("address:toString", "address:tostring", "address:toStringWithPort", "address:tostringWithPort", "address:toStringNoInterface", "address:toStringReversed"),
        .. Same("makeIPCipherKey"),
        .. Same("netmask:empty", "netmask:getBits", "netmask:getMaskedNetwork", "netmask:getNetwork", "netmask:isIPv4", "netmask:isIpv4", "netmask:isIPv6", "netmask:isIpv6", "netmask:toString"),
        .. Same("netmaskgroup:addMask", "netmaskgroup:addMasks", "netmaskgroup:addNMG", "netmaskgroup:clear", "netmaskgroup:size", "netmaskgroup:toString"),
        .. NotYet("write addresses as they are", "getAddressInfo"),
        .. NotYet("'ip' tells what the host has", "getListOfNetworkInterfaces", "getListOfAddressesOfNetworkInterface", "getListOfRangesOfNetworkInterface", "getMACAddress"),
        .. NotYet("read the file by io.lines", "getResolvers"),
    ]);

    public static readonly DnsdistTheme Constants = new("Constants",
    [
        .. Same("DNSAction.*", "DNSClass.*", "DNSOpcode.*", "DNSQType.*", "DNSRCode.*", "DNSResponseAction.*", "DNSSection.*", "EDNSOptionCode.*"),
        .. NotYet(OtherNames.NoDnsCrypt, "DNSCryptExchangeVersion.*"),
        .. Never("is gone from dnsdist too (1.4): response codes are DNSRCode's, types DNSQType's", "dnsdist.*"),
    ]);
}
