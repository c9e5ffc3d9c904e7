using System;
using System.Collections.Generic;
using System.Globalization;
using System.Text;

namespace Fastdist.Lua;

/// <summary>A value of the language, as functions are given and give it.</summary>
public abstract record LuaValue
{
    /// <summary>What it is, with its article, for messages.</summary>
    public abstract string Kind { get; }

    /// <summary>A value that is nothing.</summary>
    public static LuaValue Nil { get; } = new LuaNil();

    /// <summary>A string of a text, in UTF-8.</summary>
    public static LuaValue Of(string text) => new LuaString(Encoding.UTF8.GetBytes(text));

    /// <summary>A boolean.</summary>
    public static LuaValue Of(bool value) => new LuaBoolean(value);

    /// <summary>A number.</summary>
    public static LuaValue Of(double value) => new LuaNumber(value);

    /// <summary>A list.</summary>
    public static LuaValue Of(IReadOnlyList<LuaValue> items) => new LuaTable(items, []);
}

/// <summary>Nothing.</summary>
public sealed record LuaNil : LuaValue
{
    /// <inheritdoc/>
    public override string Kind => "nil";
}

/// <summary>True or false.</summary>
/// <param name="Value">Which.</param>
public sealed record LuaBoolean(bool Value) : LuaValue
{
    /// <inheritdoc/>
    public override string Kind => "a boolean";

    /// <inheritdoc/>
    public override string ToString() => Value ? "true" : "false";
}

/// <summary>A number; the language has no others.</summary>
/// <param name="Value">It.</param>
public sealed record LuaNumber(double Value) : LuaValue
{
    // What the C library's %.14g, which is Lua's own, writes with an exponent.
    private const int Digits = 14;

    /// <inheritdoc/>
    public override string Kind => "a number";

    /// <summary>As Lua prints it: 14 digits, C's <c>%.14g</c>.</summary>
    public override string ToString()
    {
        if (double.IsNaN(Value) || double.IsInfinity(Value))
        {
            return double.IsNaN(Value) ? "nan" : Value > 0 ? "inf" : "-inf";
        }

        string text = RoundToEven(Value).ToString($"E{Digits - 1}", CultureInfo.InvariantCulture);
        int split = text.IndexOf('E', StringComparison.Ordinal);
        int exponent = int.Parse(text.AsSpan(split + 1), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
        if (exponent is >= -4 and < Digits)
        {
            return Value == 0 ? (double.IsNegative(Value) ? "-0" : "0") : decimal.Parse(text, NumberStyles.Float, CultureInfo.InvariantCulture).ToString("0.##################", CultureInfo.InvariantCulture);
        }

        string mantissa = text[..split];
        mantissa = mantissa.Contains('.', StringComparison.Ordinal) ? mantissa.TrimEnd('0').TrimEnd('.') : mantissa;
        return $"{mantissa}e{(exponent < 0 ? '-' : '+')}{Math.Abs(exponent):00}";
    }

    /// <summary>.NET rounds what lies in the middle away from zero, C to the even digit: a number next to it goes where C's does.</summary>
    private static double RoundToEven(double value)
    {
        const int Enough = 60;
        string exact = Math.Abs(value).ToString($"E{Enough}", CultureInfo.InvariantCulture).Remove(1, 1);
        bool isTie = exact[Digits] == '5' && exact.AsSpan(Digits + 1, Enough - Digits).Trim('0').IsEmpty;
        return !isTie || (exact[Digits - 1] - '0') % 2 == 1 ? value : value > 0 ? double.BitDecrement(value) : double.BitIncrement(value);
    }
}

/// <summary>A string: bytes, which mostly are text in UTF-8.</summary>
public sealed record LuaString : LuaValue
{
    private readonly byte[] _bytes;

    /// <summary>One of these bytes, which are not changed any more.</summary>
    public LuaString(byte[] bytes) => _bytes = bytes;

    /// <summary>What it holds.</summary>
    public ReadOnlySpan<byte> Bytes => _bytes;

    /// <summary>What it says.</summary>
    public string Text => Encoding.UTF8.GetString(_bytes);

    /// <inheritdoc/>
    public override string Kind => "a string";

    /// <inheritdoc/>
    public bool Equals(LuaString? other) => other is not null && Bytes.SequenceEqual(other.Bytes);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        var hash = new HashCode();
        hash.AddBytes(_bytes);
        return hash.ToHashCode();
    }

    /// <inheritdoc/>
    public override string ToString() => Text;
}

/// <summary>A table, copied: a list, and fields by other keys, either of which may be empty.</summary>
/// <param name="Items">What has the keys 1, 2, 3 and so on.</param>
/// <param name="Fields">What has other keys, in no order.</param>
public sealed record LuaTable(IReadOnlyList<LuaValue> Items, IReadOnlyList<(LuaValue Key, LuaValue Value)> Fields) : LuaValue
{
    /// <inheritdoc/>
    public override string Kind => "a table";
}

/// <summary>An object of ours in the language's hands.</summary>
/// <param name="Class">What it can do there.</param>
/// <param name="Target">What it stands for; two that stand for the same are the same.</param>
public sealed record LuaObject(LuaClass Class, object Target) : LuaValue
{
    /// <inheritdoc/>
    public override string Kind => Class.Kind;
}

/// <summary>What has no meaning outside of the language: a coroutine, an object of LuaJIT's own.</summary>
/// <param name="Kind">What it is.</param>
public sealed record LuaOther(string Kind) : LuaValue
{
    /// <inheritdoc/>
    public override string Kind { get; } = Kind;
}
