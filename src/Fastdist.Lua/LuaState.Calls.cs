using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Fastdist.Lua.Interop;

namespace Fastdist.Lua;

/// <summary>Calls that are made for each query, in either direction: they make no objects.</summary>
public sealed unsafe partial class LuaState
{
    private readonly List<LuaNative> _natives = [];
    private string? _failure;
    private long _deadline;

    /// <summary>Whether the function that runs was to have ended by now.</summary>
    private bool IsOverdue => _deadline != 0 && Stopwatch.GetTimestamp() > _deadline;

    /// <summary>Keeps an object for as long as the state lives.</summary>
    public LuaAnchor Anchor(LuaObject target)
    {
        Top.Push(target);
        return new LuaAnchor(LuaJit.luaL_ref(_state, LuaJit.RegistryIndex));
    }

    /// <summary>Gives scripts a table of functions under a name.</summary>
    public void Set(string name, IReadOnlyDictionary<string, LuaNative> functions)
    {
        Top.Push(LuaValue.Of(name));
        LuaJit.lua_createtable(_state, 0, functions.Count);
        foreach ((string label, LuaNative body) in functions)
        {
            Top.Push(LuaValue.Of(label));
            PushWrapped(body);
            LuaJit.lua_rawset(_state, -3);
        }

        LuaJit.lua_rawset(_state, LuaJit.GlobalsIndex);
    }

    /// <summary>Calls a function within a time, and keeps the function that it gives.</summary>
    internal LuaValue CallAndKeep(LuaFunction function, TimeSpan limit)
    {
        _deadline = Stopwatch.GetTimestamp() + (long)(limit.TotalSeconds * Stopwatch.Frequency);
        try
        {
            return Call(function, [], isResultKept: true);
        }
        finally
        {
            _deadline = 0;
        }
    }

    /// <summary>Has the native function that runs fail.</summary>
    internal void Fail(string message) => _failure = message;

    /// <summary>Calls a function with an object.</summary>
    /// <param name="function">The function's number in the registry.</param>
    /// <param name="argument">The object.</param>
    /// <param name="deadline">When it is to have ended, by <see cref="Stopwatch.GetTimestamp"/>.</param>
    /// <param name="reply">Receives what it gives.</param>
    internal void Call(int function, LuaAnchor argument, long deadline, LuaReply reply)
    {
        if (_state == 0 || LuaJit.lua_checkstack(_state, 4) == 0)
        {
            (reply.Kind, reply.Problem) = (LuaReplyKind.Failure, "this Lua has ended");
            return;
        }

        // Whoever begins anew is not meant by what ended the one before.
        _isInterrupted = false;
        _deadline = deadline;
        _depth++;
        LuaJit.lua_rawgeti(_state, LuaJit.RegistryIndex, function);
        LuaJit.lua_rawgeti(_state, LuaJit.RegistryIndex, argument.Reference);
        if (LuaJit.lua_pcall(_state, 1, 2, 0) == 0)
        {
            TakeReply(reply);
        }
        else
        {
            (reply.Kind, reply.Problem) = (LuaReplyKind.Failure, TakeError().Message);
        }

        _depth--;
        _deadline = 0;
        if (_lent.Count > 0 && _depth == 0)
        {
            TakeBack(0);
        }

        // The collector must not close what is being used.
        GC.KeepAlive(this);
    }

    private void TakeReply(LuaReply reply)
    {
        int type = LuaJit.lua_type(_state, -2);
        reply.Kind = type switch
        {
            <= LuaJit.TypeNil => LuaReplyKind.Nothing,
            LuaJit.TypeBoolean => LuaReplyKind.Boolean,
            LuaJit.TypeNumber => LuaReplyKind.Number,
            _ => LuaReplyKind.Other,
        };
        reply.Number = type == LuaJit.TypeNumber ? LuaJit.lua_tonumber(_state, -2) : 0;
        reply.IsTrue = type == LuaJit.TypeBoolean && LuaJit.lua_toboolean(_state, -2) != 0;
        reply.HasText = LuaJit.lua_type(_state, -1) is LuaJit.TypeString or LuaJit.TypeNumber;
        if (reply.HasText)
        {
            nuint length;
            byte* text = LuaJit.lua_tolstring(_state, -1, &length);
            reply.SetText(new ReadOnlySpan<byte>(text, checked((int)length)));
        }
        else
        {
            reply.SetText(default);
        }

        LuaJit.lua_settop(_state, -3);
    }

    /// <summary>Puts a table of functions on the stack, that only the prelude calls.</summary>
    private void PushTable(IReadOnlyDictionary<string, LuaNative> functions)
    {
        LuaJit.lua_createtable(_state, 0, functions.Count);
        foreach ((string name, LuaNative body) in functions)
        {
            Top.Push(LuaValue.Of(name));
            PushNative(body);
            LuaJit.lua_rawset(_state, -3);
        }
    }

    /// <summary>Puts a function on the stack as scripts may have it: errors are raised in the prelude.</summary>
    private void PushWrapped(LuaNative body)
    {
        LuaJit.lua_rawgeti(_state, LuaJit.RegistryIndex, _native);
        PushNative(body);
        if (LuaJit.lua_pcall(_state, 1, 1, 0) != 0)
        {
            throw TakeError();
        }
    }

    private void PushNative(LuaNative body)
    {
        LuaJit.lua_checkstack(_state, 4);
        _natives.Add(body);
        LuaJit.lua_pushlightuserdata(_state, (void*)GCHandle.ToIntPtr(_self));
        LuaJit.lua_pushnumber(_state, _natives.Count - 1);
        LuaJit.lua_pushcclosure(_state, &DispatchNative, 2);
    }

    /// <summary>Runs a native function: its arguments in, true and its results or false and a message out.</summary>
    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int DispatchNative(nint thread)
    {
        LuaState self = Of(thread);
        int arguments = LuaJit.lua_gettop(thread);
        try
        {
            var frame = new LuaFrame(thread, self);
            LuaJit.lua_pushboolean(thread, 1);
            self._natives[(int)LuaJit.lua_tonumber(thread, LuaJit.GlobalsIndex - 2)](frame);
        }
        catch (Exception problem)
        {
            self._failure = problem.Message;
        }

        if (self._failure is { } failure)
        {
            self._failure = null;
            LuaJit.lua_settop(thread, arguments);
            LuaJit.lua_pushboolean(thread, 0);
            new LuaStack(thread, self).Push(LuaValue.Of(failure));
        }

        return LuaJit.lua_gettop(thread) - arguments;
    }
}
