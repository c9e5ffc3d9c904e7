using System.Collections.Generic;
using System.Linq;
using Fastdist.Control.Configuration.Language;
using Fastdist.Settings;
using Fastdist.Settings.Tables;

namespace Fastdist.Control.Configuration.Functions;

/// <summary>Who may ask, and what backends are told of them.</summary>
internal static class AccessFunctions
{
    /// <summary>All of them.</summary>
    public static readonly IReadOnlyList<Function> All =
    [
        Function.Doing("setACL", "netmask | {netmask, ...}", "admit clients of these networks only; of {} none", 1, 1, static (script, arguments) => SetAcl(script, Values.Networks(arguments.Strings(0, "netmasks")))),
        Function.Doing("addACL", "netmask", "admit clients of one more network", 1, 1, static (script, arguments) => AddAcl(script, arguments.Strings(0, "netmask"))),
        Function.Doing("rmACL", "netmask", "admit clients of one network no longer", 1, 1, static (script, arguments) => Remove(script, arguments.String(0, "netmask"))),
        Function.Doing("setACLFromFile", "file", "admit clients of the networks in a file only, one a line", 1, 1, static (script, arguments) =>
            SetAcl(script, Values.Networks([.. FileFunctions.LinesOf(arguments.String(0, "file"))]))),
        Function.Doing("setProxyProtocolACL", "{netmask, ...}", "expect a PROXY header from these, at TLS and DoH frontends that do not say otherwise", 1, 1, static (script, arguments) =>
        {
            IReadOnlyList<string> networks = arguments.Strings(0, "netmasks");
            script.Draft.ProxyProtocolAcl = networks.Count == 0 ? null : Values.Networks(networks);
        }) with { IsForStart = true },
        Function.Setting("setECSSourcePrefixV4", "bits of a client's IPv4 address told to servers with useClientSubnet", "ecs-source-prefix-v4"),
        Function.Setting("setECSSourcePrefixV6", "bits of a client's IPv6 address told to servers with useClientSubnet", "ecs-source-prefix-v6"),
        Function.Setting("setECSOverride", "whether that replaces the network a client names itself", "ecs-override", "boolean"),
    ];

    private static void SetAcl(Script script, NetmaskSet acl) => script.Draft.Acl = acl;

    private static void AddAcl(Script script, IReadOnlyList<string> networks)
    {
        Values.Networks(networks);
        foreach (string network in networks)
        {
            script.Draft.AddToAcl(network);
        }
    }

    private static void Remove(Script script, string text)
    {
        NetmaskSet removed = Values.Networks([text]);
        NetmaskSet acl = script.Draft.Acl;
        IEnumerable<string> left = acl.Networks.Except(removed.Networks).Select(static network => network.ToString());
        SetAcl(script, acl.Networks.Count == left.Count() ? throw new ScriptException($"'{text}' is not among the networks that are admitted; see showACL()") : Values.Networks([.. left]));
    }
}
