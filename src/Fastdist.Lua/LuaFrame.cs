using System;
using System.Buffers.Text;
using Fastdist.Lua.Interop;

namespace Fastdist.Lua;

/// <summary>A function of ours that is called often: it takes its arguments and gives its results without any object being made.</summary>
public delegate void LuaNative(LuaFrame frame);

/// <summary>
/// The arguments of a <see cref="LuaNative"/>, from 0, and where its results go. What it says of bytes is good until the function ends.
/// </summary>
public readonly unsafe ref struct LuaFrame
{
    /// <summary>Slots that arguments that are converted, and results, may take.</summary>
    private const int Slots = 32;

    private readonly nint _thread;

    internal LuaFrame(nint thread, LuaState state)
    {
        (_thread, State) = (thread, state);
        Count = LuaJit.lua_gettop(thread);
        if (LuaJit.lua_checkstack(thread, Slots) == 0)
        {
            throw new LuaException("stack overflow");
        }
    }

    /// <summary>Where it is called.</summary>
    public LuaState State { get; }

    /// <summary>Arguments there are.</summary>
    public int Count { get; }

    /// <summary>An argument as a value, which is an object; nil where there are fewer.</summary>
    public LuaValue this[int index] => index < Count ? Stack.Read(index + 1) : LuaValue.Nil;

    private LuaStack Stack => new(_thread, State);

    /// <summary>What an object of ours stands for; null for anything else.</summary>
    public T? Target<T>(int index)
        where T : class => TypeOf(index) == LuaJit.TypeObject ? State.ObjectAt(_thread, index + 1)?.Target as T : null;

    /// <summary>Whether an argument is nil, or missing.</summary>
    public bool IsNil(int index) => TypeOf(index) <= LuaJit.TypeNil;

    /// <summary>Whether an argument is a function.</summary>
    public bool IsFunction(int index) => TypeOf(index) == LuaJit.TypeFunction;

    /// <summary>Whether an argument is true or false.</summary>
    public bool TryGetBoolean(int index, out bool value)
    {
        bool isOne = TypeOf(index) == LuaJit.TypeBoolean;
        value = isOne && LuaJit.lua_toboolean(_thread, index + 1) != 0;
        return isOne;
    }

    /// <summary>A number; the text of one is taken for it.</summary>
    public bool TryGetNumber(int index, out double value)
    {
        value = 0;
        switch (TypeOf(index))
        {
            case LuaJit.TypeNumber:
                value = LuaJit.lua_tonumber(_thread, index + 1);
                return true;
            case LuaJit.TypeString:
                ReadOnlySpan<byte> text = Text(index);
                return Utf8Parser.TryParse(text, out value, out int consumed) && consumed == text.Length;
            default:
                return false;
        }
    }

    /// <summary>A whole number within bounds.</summary>
    public bool TryGetInteger(int index, long least, long most, out long value)
    {
        bool isOne = TryGetNumber(index, out double number) && number == Math.Floor(number) && number >= least && number <= most;
        value = isOne ? (long)number : 0;
        return isOne;
    }

    /// <summary>The bytes of a string; a number is taken for its text.</summary>
    public bool TryGetBytes(int index, out ReadOnlySpan<byte> bytes)
    {
        bool isOne = TypeOf(index) is LuaJit.TypeString or LuaJit.TypeNumber;
        bytes = isOne ? Text(index) : default;
        return isOne;
    }

    /// <summary>Gives a number.</summary>
    public void Return(double value) => LuaJit.lua_pushnumber(_thread, value);

    /// <summary>Gives true or false.</summary>
    public void Return(bool value) => LuaJit.lua_pushboolean(_thread, value ? 1 : 0);

    /// <summary>Gives a string.</summary>
    public void Return(ReadOnlySpan<byte> text) => Stack.Push(text);

    /// <summary>Gives nil.</summary>
    public void ReturnNil() => LuaJit.lua_pushnil(_thread);

    /// <summary>Gives an object that was anchored.</summary>
    public void Return(LuaAnchor anchor) => LuaJit.lua_rawgeti(_thread, LuaJit.RegistryIndex, anchor.Reference);

    /// <summary>Gives any value.</summary>
    public void Return(LuaValue value) => Stack.Push(value);

    /// <summary>Has the script end with an error, at the line of the call. What was given before counts no longer.</summary>
    public void Fail(string message) => State.Fail(message);

    private int TypeOf(int index) => index < Count ? LuaJit.lua_type(_thread, index + 1) : LuaJit.TypeNil;

    private ReadOnlySpan<byte> Text(int index)
    {
        nuint length;
        byte* start = LuaJit.lua_tolstring(_thread, index + 1, &length);
        return new ReadOnlySpan<byte>(start, checked((int)length));
    }
}

/// <summary>An object that stays in a state for as long as that lives, so that it is given without being made again.</summary>
/// <param name="Reference">Its number in the state's registry.</param>
public readonly record struct LuaAnchor(int Reference);
