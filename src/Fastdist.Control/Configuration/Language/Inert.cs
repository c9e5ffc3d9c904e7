using Fastdist.Lua;

namespace Fastdist.Control.Configuration.Language;

/// <summary>
/// What stands for a thing that could not be made, or that we do not know: all that is done with it does nothing, so that a configuration is read
/// on, and what else is wrong in it is found.
/// </summary>
internal static class Inert
{
    private static readonly LuaClass s_class = new("Unsupported")
    {
        Kind = "something that is not supported",
        Get = static _ => Value!,
        Set = static _ => LuaValue.Nil,
        Invoke = static _ => Value!,
        Text = static _ => LuaValue.Of("something that is not supported"),
    };

    /// <summary>It; there is one only.</summary>
    public static LuaValue Value { get; } = new LuaObject(s_class, new object());

    /// <summary>Whether a value is, or holds, a thing that does nothing.</summary>
    public static bool IsIn(LuaValue value) => value switch
    {
        LuaObject target => target.Class == s_class,
        LuaTable table => IsInAny(table),
        _ => false,
    };

    private static bool IsInAny(LuaTable table)
    {
        foreach (LuaValue item in table.Items)
        {
            if (IsIn(item))
            {
                return true;
            }
        }

        foreach ((_, LuaValue value) in table.Fields)
        {
            if (IsIn(value))
            {
                return true;
            }
        }

        return false;
    }
}
