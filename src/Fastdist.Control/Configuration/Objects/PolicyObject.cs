using System.Collections.Generic;
using System.Linq;
using Fastdist.Control.Configuration.Language;
using Fastdist.Lua;
using Fastdist.Settings;
using Fastdist.Settings.Tables;

namespace Fastdist.Control.Configuration.Objects;

/// <summary>A policy as an object; the language has a name for each.</summary>
internal static class PolicyObject
{
    private static readonly LuaClass s_class = ObjectClass.Make<PolicyKind>(
        "ServerPolicy", "policy",
        [new Function("toString", "", "what it is", static (_, arguments) => LuaValue.Of(Text((PolicyKind)arguments.Object<object>(0, "policy", "a policy")))) { Least = 1, Most = 1 }],
        [
            new Field<PolicyKind>("name", static (_, policy) => LuaValue.Of(PolicyNames.Of(policy))),
            new Field<PolicyKind>("isLua", static (_, _) => LuaValue.Of(false)),
            new Field<PolicyKind>("isFFI", static (_, _) => LuaValue.Of(false)),
            new Field<PolicyKind>("isPerThread", static (_, _) => LuaValue.Of(false)),
        ],
        Text);

    /// <summary>All of them, under their names.</summary>
    public static readonly IReadOnlyList<(string Name, LuaValue Policy)> All = [.. PolicyNames.Each.Select(static policy => (policy.Name, (LuaValue)new LuaObject(s_class, policy.Policy)))];

    private static string Text(PolicyKind policy) => $"ServerPolicy \"{PolicyNames.Of(policy)}\"";
}
