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
    private const int Digits = 14;

    /// <inheritdoc/>
    public override string Kind => "a number";

    /// <summary>As LuaJIT prints it: 14 digits, much as C's <c>%.14g</c>.</summary>
    public override string ToString() =>
        double.IsNaN(Value) ? "nan"
        : double.IsInfinity(Value) ? (Value > 0 ? "inf" : "-inf")
        : Value == 0 ? (double.IsNegative(Value) ? "-0" : "0")
        : $"{(Value < 0 ? "-" : "")}{Print(Math.Abs(Value))}";

    private static string Print(double value)
    {
        (string digits, int exponent) = Round(value);
        if (exponent is < -4 or >= Digits)
        {
            return $"{digits[0]}{(digits.Length > 1 ? "." : "")}{digits[1..]}e{(exponent < 0 ? '-' : '+')}{Math.Abs(exponent):00}";
        }

        return exponent < 0 ? $"0.{new string('0', -exponent - 1)}{digits}"
            : exponent + 1 >= digits.Length ? digits.PadRight(exponent + 1, '0')
            : $"{digits[..(exponent + 1)]}.{digits[(exponent + 1)..]}";
    }

    /// <summary>The digits that count, and the power of ten of the first. What lies in the middle goes up, as in LuaJIT; .NET would round twice.</summary>
    private static (string Digits, int Exponent) Round(double value)
    {
        // A double that is exactly in the middle has no more digits than this.
        const int Exact = 60;
        string text = value.ToString($"E{Exact}", CultureInfo.InvariantCulture);
        int split = text.IndexOf('E', StringComparison.Ordinal);
        int exponent = int.Parse(text.AsSpan(split + 1), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
        string all = text[..split].Remove(1, 1);
        long kept = long.Parse(all.AsSpan(0, Digits), CultureInfo.InvariantCulture);
        int rest = string.CompareOrdinal(all[Digits..].TrimEnd('0'), "5");
        string rounded = (kept + (rest >= 0 ? 1 : 0)).ToString(CultureInfo.InvariantCulture);
        return (rounded.TrimEnd('0'), exponent + rounded.Length - Digits);
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
