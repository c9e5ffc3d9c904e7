using System;

namespace Fastdist.Lua;

/// <summary>What scripts of a state may do.</summary>
public sealed record LuaOptions
{
    /// <summary>Whether they may run commands, load native code and reach into memory: os.execute, io.popen, package.loadlib, ffi, debug.sethook, bytecode.</summary>
    public bool IsUnsafe { get; init; }

    /// <summary>Whether they are compiled to machine code, which takes memory that is writable and executable; what runs then cannot be interrupted.</summary>
    public bool HasJit { get; init; }

    /// <summary>The folder that <c>require</c> looks in.</summary>
    public string Folder { get; init; } = "/";

    /// <summary>Reads a file of Lua text: returns null when there is none, throws a <see cref="LuaException"/> when it may not be used.</summary>
    public required Func<string, byte[]?> Read { get; init; }
}
