using System;
using System.Collections.Generic;
using System.Runtime.InteropServices;
using Fastdist.Lua.Interop;

namespace Fastdist.Lua;

/// <summary>
/// Values on the stack of a state or of one of its coroutines. Whoever has one keeps the invariant of the C API: slots are asked for before
/// they are used, and what is read is of the type that was asked for, so that no call here raises an error.
/// </summary>
/// <param name="thread">The state, or the coroutine.</param>
/// <param name="state">What it belongs to.</param>
internal readonly unsafe struct LuaStack(nint thread, LuaState state)
{
    /// <summary>Slots that a conversion may take at a time.</summary>
    private const int Slots = 16;

    /// <summary>Tables within tables that are read: one that holds itself has no end.</summary>
    private const int MostDepth = 16;

    /// <summary>Values on it.</summary>
    public int Count => LuaJit.lua_gettop(thread);

    /// <summary>Takes values off.</summary>
    public void Pop(int count) => LuaJit.lua_settop(thread, -count - 1);

    /// <summary>Reads values from a place to the top.</summary>
    public LuaValue[] ReadFrom(int first)
    {
        var values = new LuaValue[Math.Max(Count - first + 1, 0)];
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = Read(first + i);
        }

        return values;
    }

    /// <summary>Reads a value.</summary>
    /// <param name="index">From 1 at the bottom, or from -1 at the top.</param>
    /// <exception cref="LuaException">A table holds itself, or too many of each other.</exception>
    public LuaValue Read(int index) => Read(index, 0);

    /// <summary>Puts a value on top.</summary>
    public void Push(LuaValue value)
    {
        Reserve();
        switch (value)
        {
            case LuaBoolean boolean:
                LuaJit.lua_pushboolean(thread, boolean.Value ? 1 : 0);
                break;
            case LuaNumber number:
                LuaJit.lua_pushnumber(thread, number.Value);
                break;
            case LuaString text:
                Push(text.Bytes);
                break;
            case LuaTable table:
                Push(table);
                break;
            case LuaFunction function:
                LuaJit.lua_rawgeti(thread, LuaJit.RegistryIndex, function.Reference);
                break;
            case LuaObject target:
                Push(target);
                break;
            default:
                LuaJit.lua_pushnil(thread);
                break;
        }
    }

    /// <summary>Puts a string on top.</summary>
    public void Push(ReadOnlySpan<byte> text)
    {
        fixed (byte* start = text)
        {
            byte none = 0;
            LuaJit.lua_pushlstring(thread, start is null ? &none : start, (nuint)text.Length);
        }
    }

    /// <summary>The file and line that run some calls further down.</summary>
    /// <param name="level">0 is the running function.</param>
    /// <returns>For instance <c>/etc/fastdist.conf:12</c>; empty where there is none.</returns>
    public string Where(int level)
    {
        LuaJit.Activation activation;
        if (LuaJit.lua_getstack(thread, level, &activation) == 0)
        {
            return "";
        }

        fixed (byte* what = "Sl\0"u8)
        {
            LuaJit.lua_getinfo(thread, what, &activation);
        }

        string source = Marshal.PtrToStringUTF8((nint)activation.Source) ?? "";
        return activation.CurrentLine > 0 && source.StartsWith('@') ? $"{source[1..]}:{activation.CurrentLine}" : "";
    }

    private void Reserve()
    {
        if (LuaJit.lua_checkstack(thread, Slots) == 0)
        {
            throw new LuaException("stack overflow");
        }
    }

    private LuaValue Read(int index, int depth)
    {
        switch (LuaJit.lua_type(thread, index))
        {
            case <= LuaJit.TypeNil:
                return LuaValue.Nil;
            case LuaJit.TypeBoolean:
                return LuaValue.Of(LuaJit.lua_toboolean(thread, index) != 0);
            case LuaJit.TypeNumber:
                return LuaValue.Of(LuaJit.lua_tonumber(thread, index));
            case LuaJit.TypeString:
                return ReadString(index);
            case LuaJit.TypeTable:
                return ReadTable(index, depth);
            case LuaJit.TypeFunction:
                LuaJit.lua_pushvalue(thread, index);
                return state.Lend(LuaJit.luaL_ref(thread, LuaJit.RegistryIndex));
            case LuaJit.TypeObject when state.ObjectAt(thread, index) is { } target:
                return target;
            default:
                return new LuaOther("an object of Lua's own");
        }
    }

    private LuaString ReadString(int index)
    {
        nuint length;
        byte* start = LuaJit.lua_tolstring(thread, index, &length);
        return new LuaString(new ReadOnlySpan<byte>(start, checked((int)length)).ToArray());
    }

    private LuaTable ReadTable(int index, int depth)
    {
        if (depth == MostDepth)
        {
            throw new LuaException($"a table holds itself, or more than {MostDepth} of each other");
        }

        Reserve();
        int table = index > 0 ? index : Count + index + 1;
        var items = new List<LuaValue>(checked((int)LuaJit.lua_objlen(thread, table)));
        for (int i = 1; i <= items.Capacity; i++)
        {
            LuaJit.lua_rawgeti(thread, table, i);
            items.Add(Read(-1, depth + 1));
            Pop(1);
        }

        var fields = new List<(LuaValue, LuaValue)>();
        LuaJit.lua_pushnil(thread);
        while (LuaJit.lua_next(thread, table) != 0)
        {
            LuaValue key = Read(-2, depth + 1);
            if (key is not LuaNumber number || number.Value != Math.Floor(number.Value) || number.Value < 1 || number.Value > items.Count)
            {
                fields.Add((key, Read(-1, depth + 1)));
            }

            Pop(1);
        }

        return new LuaTable(items, fields);
    }

    private void Push(LuaTable table)
    {
        LuaJit.lua_createtable(thread, table.Items.Count, table.Fields.Count);
        for (int i = 0; i < table.Items.Count; i++)
        {
            Push(table.Items[i]);
            LuaJit.lua_rawseti(thread, -2, i + 1);
        }

        foreach ((LuaValue key, LuaValue value) in table.Fields)
        {
            Push(key);
            Push(value);
            LuaJit.lua_rawset(thread, -3);
        }
    }

    private void Push(LuaObject target)
    {
        *(long*)LuaJit.lua_newuserdata(thread, sizeof(long)) = state.Hold(target);
        LuaJit.lua_rawgeti(thread, LuaJit.RegistryIndex, state.MetatableOf(target.Class));
        LuaJit.lua_setmetatable(thread, -2);
    }
}
