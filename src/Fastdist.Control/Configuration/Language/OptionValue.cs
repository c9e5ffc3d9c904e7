using System;
using Fastdist.Lua;

namespace Fastdist.Control.Configuration.Language;

/// <summary>Values of options, which may be of any kind; a <see cref="FormatException"/> says what was expected.</summary>
internal static class OptionValue
{
    /// <summary>What a value is to the option tables, which read text.</summary>
    public static string Text(LuaValue value) => value is LuaString or LuaNumber or LuaBoolean ? $"{value}" : throw new FormatException($"expected a string, number or boolean, got {value.Kind}");

    /// <summary>True or false, and nothing that could stand for them.</summary>
    public static bool Boolean(LuaValue value) => value is LuaBoolean boolean ? boolean.Value : throw new FormatException("expected true or false");
}
