using System;
using System.Collections.Frozen;
using System.Collections.Generic;
using System.Linq;

namespace Fastdist.Control.Configuration.Dnsdist;

/// <summary>
/// All that dnsdist's configuration, console and command line can name (1.7 to 2.2, and older spellings that are still met), with what becomes of it here.
/// </summary>
internal static class DnsdistNames
{
    /// <summary>Theme by theme, what configurations use most first.</summary>
    public static readonly IReadOnlyList<DnsdistTheme> Themes =
    [
        FrontendNames.Frontends, FrontendNames.Options, FrontendNames.Objects,
        ServerNames.Servers, ServerNames.Options, ServerNames.Objects, ServerNames.Pools,
        AccessNames.AccessLists, AccessNames.Limits, AccessNames.Tuning,
        ControlNames.Console, ControlNames.Web, ControlNames.Tables, ControlNames.Logging, ControlNames.Files, ControlNames.Flags,
        ObjectNames.Names, ObjectNames.Networks, ObjectNames.Constants,
        RuleNames.Chains, RuleNames.Selectors, RuleNames.Actions, RuleNames.ResponseActions, RuleNames.Questions,
        TrafficNames.Cache, TrafficNames.DynamicBlocks, TrafficNames.Rings, TrafficNames.Callbacks, TrafficNames.Metrics,
        OtherNames.RemoteLogging, OtherNames.Stores, OtherNames.DnsCrypt, OtherNames.Kernel, OtherNames.Removed,
    ];

    private static readonly FrozenDictionary<string, DnsdistName> s_byName =
        Themes.SelectMany(static theme => theme.Names).ToFrozenDictionary(static name => name.Name, StringComparer.Ordinal);

    /// <summary>All of them.</summary>
    public static IEnumerable<DnsdistName> All => s_byName.Values;

    /// <summary>What becomes of a name, written as <see cref="DnsdistName.Name"/> says; null when dnsdist does not know it either.</summary>
    public static DnsdistName? Find(string name) => s_byName.GetValueOrDefault(name);
}
