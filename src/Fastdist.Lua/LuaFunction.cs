using System;

namespace Fastdist.Lua;

/// <summary>
/// A function of the language that the host was given. It can be called for as long as the call that gave it lasts, and longer once it is
/// kept.
/// </summary>
public sealed record LuaFunction : LuaValue
{
    private readonly LuaState _state;

    internal LuaFunction(LuaState state, int reference) => (_state, Reference) = (state, reference);

    /// <inheritdoc/>
    public override string Kind => "a function";

    /// <summary>Where it is from.</summary>
    public LuaState State => _state;

    /// <summary>Its number in the state's registry.</summary>
    internal int Reference { get; }

    /// <summary>Whether it is not given back when the call ends.</summary>
    internal bool IsKept { get; private set; }

    /// <summary>Has it outlive the call that gave it, for as long as its state lives.</summary>
    public void Keep() => IsKept = true;

    /// <summary>Calls it, on the thread that its state is used by.</summary>
    /// <exception cref="LuaException">It failed.</exception>
    public LuaValue Call(params ReadOnlySpan<LuaValue> arguments) => _state.Call(this, arguments);

    /// <summary>Calls it for all that it returns, as <see cref="Call"/> does for the first of it.</summary>
    /// <exception cref="LuaException">It failed.</exception>
    public LuaValue[] CallForAll(params ReadOnlySpan<LuaValue> arguments) => _state.CallForAll(this, arguments);

    /// <summary>Calls it, and keeps the function that it gives, if it gives one.</summary>
    /// <param name="limit">How long it may take.</param>
    /// <exception cref="LuaException">It failed.</exception>
    public LuaValue CallAndKeep(TimeSpan limit) => _state.CallAndKeep(this, limit);

    /// <inheritdoc/>
    public bool Equals(LuaFunction? other) => ReferenceEquals(this, other);

    /// <inheritdoc/>
    public override int GetHashCode() => Reference;
}

/// <summary>What a function of ours is called with.</summary>
/// <param name="State">Where.</param>
/// <param name="Arguments">With what.</param>
/// <param name="Where">File and line of the call, for instance <c>/etc/fastdist.conf:12</c>; empty when it is not known.</param>
public readonly record struct LuaCall(LuaState State, LuaValue[] Arguments, string Where)
{
    /// <summary>An argument; nil when there are fewer.</summary>
    /// <param name="index">From 0.</param>
    public LuaValue this[int index] => index < Arguments.Length ? Arguments[index] : LuaValue.Nil;
}

/// <summary>A function of ours. What it throws becomes an error of the script at the line of the call.</summary>
public delegate LuaValue LuaBody(LuaCall call);

/// <summary>The script failed, or was refused; the message begins with file and line where they are known.</summary>
public sealed class LuaException(string message) : Exception(message);
