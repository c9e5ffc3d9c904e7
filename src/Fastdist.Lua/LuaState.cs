using System;
using System.Collections.Generic;
using System.IO;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;
using Fastdist.Lua.Interop;

namespace Fastdist.Lua;

/// <summary>
/// A world of Lua: its globals, functions and objects. One thread at a time uses it, any may interrupt it. Scripts reach what
/// they are given and what Lua's libraries have, less what <see cref="LuaOptions"/> forbids. Whoever cannot tell when nobody uses it any longer leaves it to
/// the collector.
/// </summary>
public sealed unsafe partial class LuaState : IDisposable
{
    private readonly GCHandle _self;
    private readonly LuaOptions _options;
    private readonly List<LuaBody> _bodies = [];
    private readonly Dictionary<LuaClass, int> _metatables = [];
    private readonly Dictionary<long, LuaObject> _held = [];
    private readonly List<LuaFunction> _lent = [];
    private readonly int _wrap;
    private readonly int _native;
    private readonly int _class;
    private nint _state;
    private long _lastHeld;
    private int _depth;
    private volatile bool _isInterrupted;

    /// <summary>A new one.</summary>
    public LuaState(LuaOptions options)
    {
        _options = options;
        _state = LuaJit.luaL_newstate();
        if (_state == 0)
        {
            throw new LuaException("there is no memory for Lua");
        }

        // Lua's own finalizers look for it while it is being finalized.
        _self = GCHandle.Alloc(this, GCHandleType.WeakTrackResurrection);
        LuaJit.luaL_openlibs(_state);
        if (!options.HasJit)
        {
            LuaJit.luaJIT_setmode(_state, 0, LuaJit.Engine | LuaJit.Off);
        }

        (_wrap, _native, _class) = RunPrelude();
    }

    /// <summary>Whoever's it is: functions find it by what they are called with.</summary>
    public object? Host { get; init; }

    /// <summary>The version of LuaJIT that is linked in, for instance <c>LuaJIT 2.1.0-beta3</c>.</summary>
    public static string LibraryVersion
    {
        get
        {
            using var state = new LuaState(new LuaOptions { Read = static _ => null });
            return state.Load("return jit.version"u8, "=version").Call().ToString() ?? "";
        }
    }

    /// <summary>Objects that scripts have of the host's.</summary>
    internal int HeldCount => _held.Count;

    /// <summary>Has the script that runs end with an error soon, unless it is compiled or within a function of Lua's own that takes long.</summary>
    public void Interrupt() => _isInterrupted = true;

    /// <summary>Gives scripts a value under a name.</summary>
    public void Set(string name, LuaValue value)
    {
        Top.Push(LuaValue.Of(name));
        Top.Push(value);
        LuaJit.lua_rawset(_state, LuaJit.GlobalsIndex);
    }

    /// <summary>Gives scripts a function under a name.</summary>
    public void Set(string name, LuaBody body)
    {
        Top.Push(LuaValue.Of(name));
        PushFunction(body);
        LuaJit.lua_rawset(_state, LuaJit.GlobalsIndex);
    }

    /// <summary>What scripts have under a name.</summary>
    public LuaValue Get(string name)
    {
        Top.Push(LuaValue.Of(name));
        LuaJit.lua_rawget(_state, LuaJit.GlobalsIndex);
        LuaValue value = Top.Read(-1);
        Top.Pop(1);
        return value;
    }

    /// <summary>Reads a script.</summary>
    /// <param name="text">The script, in text.</param>
    /// <param name="name">What messages call it: <c>@</c> and a path for a file, <c>=</c> and anything else.</param>
    /// <exception cref="LuaException">It is no Lua; the message says where.</exception>
    public LuaFunction Load(ReadOnlySpan<byte> text, string name)
    {
        // A file may begin with the line by which a shell runs it; the line stays, so that numbers are right.
        byte[]? commented = text.StartsWith("#"u8) ? [.. "--"u8, .. text] : null;
        LoadText(commented ?? text, name);
        return Lend(LuaJit.luaL_ref(_state, LuaJit.RegistryIndex));
    }

    /// <summary>Ends what scripts hold of the host's and are done with; it happens by itself in time.</summary>
    internal void Collect() => LuaJit.lua_gc(_state, LuaJit.Collect, 0);

    /// <summary>Closes what nobody closed who used it.</summary>
    ~LuaState() => Close();

    /// <inheritdoc/>
    public void Dispose()
    {
        Close();
        GC.SuppressFinalize(this);
    }

    /// <summary>Calls a function.</summary>
    /// <exception cref="LuaException">It failed.</exception>
    internal LuaValue Call(LuaFunction function, ReadOnlySpan<LuaValue> arguments) => Call(function, arguments, isResultKept: false);

    private LuaValue Call(LuaFunction function, ReadOnlySpan<LuaValue> arguments, bool isResultKept)
    {
        // Whoever begins anew is not meant by what ended the one before.
        _isInterrupted &= _depth > 0;
        _depth++;
        int lent = _lent.Count;
        try
        {
            Top.Push(function);
            foreach (LuaValue argument in arguments)
            {
                Top.Push(argument);
            }

            LuaValue result = Protect(arguments.Length);
            if (isResultKept && result is LuaFunction given)
            {
                given.Keep();
            }

            return result;
        }
        finally
        {
            _depth--;
            TakeBack(_depth == 0 ? 0 : lent);
        }
    }

    /// <summary>Calls a function for all that it returns.</summary>
    /// <exception cref="LuaException">It failed.</exception>
    internal LuaValue[] CallForAll(LuaFunction function, ReadOnlySpan<LuaValue> arguments)
    {
        int below = Top.Count, lent = _lent.Count;
        _isInterrupted &= _depth > 0;
        _depth++;
        try
        {
            Top.Push(function);
            foreach (LuaValue argument in arguments)
            {
                Top.Push(argument);
            }

            return LuaJit.lua_pcall(_state, arguments.Length, LuaJit.AllResults, 0) == 0 ? Top.ReadFrom(below + 1) : throw TakeError();
        }
        finally
        {
            Top.Pop(Top.Count - below);
            _depth--;
            TakeBack(_depth == 0 ? 0 : lent);
        }
    }

    /// <summary>A function that scripts gave us, by its place in the registry.</summary>
    internal LuaFunction Lend(int reference)
    {
        var function = new LuaFunction(this, reference);
        _lent.Add(function);
        return function;
    }

    /// <summary>Keeps an object for as long as scripts have it.</summary>
    /// <returns>The number they have it by.</returns>
    internal long Hold(LuaObject target)
    {
        _held.Add(++_lastHeld, target);
        return _lastHeld;
    }

    /// <summary>The object of ours at a place of a stack; null when it is somebody else's.</summary>
    internal LuaObject? ObjectAt(nint thread, int index)
    {
        // Scripts may put any metatable on any object by the debug library, so that what it holds is believed only when it is of our size, and a number we gave.
        return LuaJit.lua_objlen(thread, index) == sizeof(long) && _held.TryGetValue(*(long*)LuaJit.lua_touserdata(thread, index), out LuaObject? target) ? target : null;
    }

    /// <summary>The place of the metatable that objects of a class have.</summary>
    internal int MetatableOf(LuaClass kind)
    {
        if (!_metatables.TryGetValue(kind, out int reference))
        {
            _metatables.Add(kind, reference = MakeMetatable(kind));
        }

        return reference;
    }

    private LuaStack Top => _state != 0 ? new(_state, this) : throw new LuaException("this Lua has ended");

    private void Close()
    {
        if (_state != 0)
        {
            LuaJit.lua_close(_state);
            _state = 0;
            _self.Free();
        }
    }

    private void LoadText(ReadOnlySpan<byte> text, string name)
    {
        ReadOnlySpan<byte> mode = _options.IsUnsafe ? "bt\0"u8 : "t\0"u8;
        int result;
        fixed (byte* start = text, label = Encoding.UTF8.GetBytes($"{name}\0"), allowed = mode)
        {
            byte none = 0;
            result = LuaJit.luaL_loadbufferx(_state, start is null ? &none : start, (nuint)text.Length, label, allowed);
        }

        if (result != 0)
        {
            throw TakeError();
        }
    }

    /// <summary>Calls what lies below its arguments, and takes both off.</summary>
    private LuaValue Protect(int arguments)
    {
        if (LuaJit.lua_pcall(_state, arguments, 1, 0) != 0)
        {
            throw TakeError();
        }

        LuaValue result = Top.Read(-1);
        Top.Pop(1);
        return result;
    }

    private LuaException TakeError()
    {
        LuaValue error = Top.Read(-1);
        Top.Pop(1);
        return new LuaException(error is LuaString or LuaNumber ? $"{error}" : $"the error is {error.Kind}, not a text");
    }

    private void TakeBack(int from)
    {
        for (int i = _lent.Count - 1; i >= from; i--)
        {
            if (!_lent[i].IsKept)
            {
                LuaJit.luaL_unref(_state, LuaJit.RegistryIndex, _lent[i].Reference);
            }
        }

        _lent.RemoveRange(from, _lent.Count - from);
    }

    private (int Wrap, int Native, int Class) RunPrelude()
    {
        using Stream prelude = typeof(LuaState).Assembly.GetManifestResourceStream("prelude.lua")!;
        var text = new byte[prelude.Length];
        prelude.ReadExactly(text);
        LoadText(text, "=prelude");
        PushNative(&Dispatch);
        PushNative(&ReadFile);
        Top.Push(LuaValue.Of(_options.Folder));
        Top.Push(LuaValue.Of(_options.IsUnsafe));
        Top.Push(LuaValue.Of(_options.HasJit));
        PushNative(&IsInterrupted);
        const int Arguments = 6;
        const int Results = 3;
        if (LuaJit.lua_pcall(_state, Arguments, Results, 0) != 0)
        {
            throw TakeError();
        }

        int kind = LuaJit.luaL_ref(_state, LuaJit.RegistryIndex);
        int native = LuaJit.luaL_ref(_state, LuaJit.RegistryIndex);
        return (LuaJit.luaL_ref(_state, LuaJit.RegistryIndex), native, kind);
    }

    private void PushNative(delegate* unmanaged[Cdecl]<nint, int> function)
    {
        LuaJit.lua_pushlightuserdata(_state, (void*)GCHandle.ToIntPtr(_self));
        LuaJit.lua_pushcclosure(_state, function, 1);
    }

    private int Number(LuaBody body)
    {
        _bodies.Add(body);
        return _bodies.Count - 1;
    }

    private void PushFunction(LuaBody body)
    {
        LuaJit.lua_rawgeti(_state, LuaJit.RegistryIndex, _wrap);
        Top.Push(LuaValue.Of(Number(body)));
        if (LuaJit.lua_pcall(_state, 1, 1, 0) != 0)
        {
            throw TakeError();
        }
    }

    private int MakeMetatable(LuaClass kind)
    {
        LuaJit.lua_checkstack(_state, 16);
        LuaJit.lua_rawgeti(_state, LuaJit.RegistryIndex, _class);
        Top.Push(LuaValue.Of(kind.Name));
        LuaJit.lua_createtable(_state, 0, kind.Methods.Count + kind.Natives.Count);
        foreach ((string name, LuaBody body) in kind.Methods)
        {
            Top.Push(LuaValue.Of(name));
            PushFunction(body);
            LuaJit.lua_rawset(_state, -3);
        }

        foreach ((string name, LuaNative body) in kind.Natives)
        {
            Top.Push(LuaValue.Of(name));
            PushWrapped(body);
            LuaJit.lua_rawset(_state, -3);
        }

        PushTable(kind.Getters);
        PushTable(kind.Setters);

        LuaBody equal = static call => LuaValue.Of(call[0] is LuaObject one && call[1] is LuaObject other && one.Target.Equals(other.Target));
        ReadOnlySpan<LuaBody> bodies = [kind.Get, kind.Set, kind.Text, equal, kind.Invoke];
        foreach (LuaBody body in bodies)
        {
            Top.Push(LuaValue.Of(Number(body)));
        }

        if (LuaJit.lua_pcall(_state, bodies.Length + 4, 1, 0) != 0)
        {
            throw TakeError();
        }

        Top.Push(LuaValue.Of("__gc"));
        PushNative(&Release);
        LuaJit.lua_rawset(_state, -3);
        return LuaJit.luaL_ref(_state, LuaJit.RegistryIndex);
    }

    /// <summary>The state that a native function was made for.</summary>
    private static LuaState Of(nint thread) => (LuaState)GCHandle.FromIntPtr((nint)LuaJit.lua_touserdata(thread, LuaJit.GlobalsIndex - 1)).Target!;

    /// <summary>Runs a function of ours: its number and arguments in, true and its result or false and a message out.</summary>
    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int Dispatch(nint thread)
    {
        // The caller of the function that the prelude put around it.
        const int CallersLevel = 2;
        LuaState self = Of(thread);
        var stack = new LuaStack(thread, self);
        LuaValue result;
        bool isDone;
        try
        {
            LuaValue[] arguments = stack.ReadFrom(2);
            int number = (int)LuaJit.lua_tonumber(thread, 1);
            result = self._bodies[number](new LuaCall(self, arguments, stack.Where(CallersLevel)));
            isDone = true;
        }
        catch (Exception problem)
        {
            (result, isDone) = (LuaValue.Of(problem.Message), false);
        }

        stack.Push(LuaValue.Of(isDone));
        stack.Push(result);
        return 2;
    }

    /// <summary>Reads a file for a script: its path in, true and the text or false and a message out.</summary>
    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int ReadFile(nint thread)
    {
        LuaState self = Of(thread);
        var stack = new LuaStack(thread, self);
        byte[]? text = null;
        string problem = "expected the path of a file";
        try
        {
            if (stack.Read(1) is LuaString path)
            {
                text = self._options.Read(path.Text);
                problem = $"cannot read {path.Text}: no such file";
            }
        }
        catch (Exception exception)
        {
            problem = exception.Message;
        }

        stack.Push(LuaValue.Of(text is not null));
        stack.Push(text is not null ? new LuaString(text) : LuaValue.Of(problem));
        return 2;
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int IsInterrupted(nint thread)
    {
        LuaState self = Of(thread);
        LuaJit.lua_pushboolean(thread, self._isInterrupted || self.IsOverdue ? 1 : 0);
        return 1;
    }

    /// <summary>Scripts are done with an object.</summary>
    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int Release(nint thread)
    {
        if (LuaJit.lua_type(thread, 1) == LuaJit.TypeObject && LuaJit.lua_objlen(thread, 1) == sizeof(long))
        {
            Of(thread)._held.Remove(*(long*)LuaJit.lua_touserdata(thread, 1));
        }

        return 0;
    }
}
