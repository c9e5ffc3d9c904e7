using System;
using System.Diagnostics;

namespace Fastdist.Lua;

/// <summary>
/// A function of the language that is called often, always with the same object: a call that succeeds makes nothing. It keeps function and object, and so
/// its state.
/// </summary>
public sealed class LuaCallback
{
    private readonly LuaState _state;
    private readonly LuaFunction _function;
    private readonly LuaAnchor _argument;

    /// <param name="function">The function.</param>
    /// <param name="argument">What it is called with.</param>
    public LuaCallback(LuaFunction function, LuaAnchor argument)
    {
        function.Keep();
        (_state, _function, _argument) = (function.State, function, argument);
    }

    /// <summary>Calls it, on the thread that its state is used by.</summary>
    /// <param name="limit">How long it may take, ticks of <see cref="Stopwatch"/>.</param>
    /// <param name="reply">Receives what it gives.</param>
    public void Call(long limit, LuaReply reply) => _state.Call(_function.Reference, _argument, Stopwatch.GetTimestamp() + limit, reply);
}

/// <summary>What kind of value a function gave first.</summary>
public enum LuaReplyKind : byte
{
    /// <summary>None, or nil.</summary>
    Nothing,

    /// <summary>True or false.</summary>
    Boolean,

    /// <summary>A number.</summary>
    Number,

    /// <summary>Anything else.</summary>
    Other,

    /// <summary>It failed.</summary>
    Failure,
}

/// <summary>What a function of the language gave, up to two values; used again for the next.</summary>
public sealed class LuaReply
{
    private byte[] _text = [];
    private int _length;

    /// <summary>What the first value is.</summary>
    public LuaReplyKind Kind { get; internal set; }

    /// <summary>The first value, where it is a number.</summary>
    public double Number { get; internal set; }

    /// <summary>The first value, where it is true or false.</summary>
    public bool IsTrue { get; internal set; }

    /// <summary>Whether there is a second value that is a string.</summary>
    public bool HasText { get; internal set; }

    /// <summary>The second value, where it is a string; empty without one.</summary>
    public ReadOnlySpan<byte> Text => _text.AsSpan(0, _length);

    /// <summary>Why it failed.</summary>
    public string Problem { get; internal set; } = "";

    internal void SetText(ReadOnlySpan<byte> text)
    {
        if (_text.Length < text.Length)
        {
            _text = new byte[text.Length];
        }

        text.CopyTo(_text);
        _length = text.Length;
    }
}
