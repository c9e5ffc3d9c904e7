using System.Runtime.InteropServices;

namespace Fastdist.Lua.Interop;

/// <summary>
/// LuaJIT 2.1 as far as it is used (the C API of Lua 5.1, and lauxlib's). Two rules hold for every call: one that may run Lua code or allocate keeps the GC
/// transition, as a collection of LuaJIT's may call back; and none is made where it could raise an error outside a protected call, since
/// the error would unwind managed frames. Out of memory is the one error that any of them may raise, and ends the process.
/// </summary>
internal static unsafe partial class LuaJit
{
    private const string Library = "libluajit-5.1";

    public const int RegistryIndex = -10000, GlobalsIndex = -10002;

    /// <summary>LUA_MULTRET.</summary>
    public const int AllResults = -1;

    public const int TypeNil = 0, TypeBoolean = 1, TypeNumber = 3, TypeString = 4, TypeTable = 5, TypeFunction = 6, TypeObject = 7;

    /// <summary>LUA_GCCOLLECT.</summary>
    public const int Collect = 2;

    /// <summary>LUAJIT_MODE_ENGINE, LUAJIT_MODE_OFF.</summary>
    public const int Engine = 0, Off = 0;

    [LibraryImport(Library)]
    public static partial nint luaL_newstate();

    [LibraryImport(Library)]
    public static partial void lua_close(nint state);

    [LibraryImport(Library)]
    public static partial void luaL_openlibs(nint state);

    [LibraryImport(Library)]
    public static partial int luaJIT_setmode(nint state, int index, int mode);

    [LibraryImport(Library)]
    public static partial int luaL_loadbufferx(nint state, byte* text, nuint length, byte* name, byte* mode);

    [LibraryImport(Library)]
    public static partial int lua_pcall(nint state, int arguments, int results, int handler);

    [LibraryImport(Library)]
    public static partial int lua_gettop(nint state);

    [LibraryImport(Library)]
    public static partial void lua_settop(nint state, int index);

    [LibraryImport(Library)]
    public static partial int lua_checkstack(nint state, int slots);

    [LibraryImport(Library)]
    public static partial void lua_pushvalue(nint state, int index);

    [LibraryImport(Library)]
    public static partial int lua_type(nint state, int index);

    [LibraryImport(Library)]
    public static partial int lua_toboolean(nint state, int index);

    [LibraryImport(Library)]
    public static partial double lua_tonumber(nint state, int index);

    [LibraryImport(Library)]
    public static partial byte* lua_tolstring(nint state, int index, nuint* length);

    [LibraryImport(Library)]
    public static partial void* lua_touserdata(nint state, int index);

    [LibraryImport(Library)]
    public static partial nuint lua_objlen(nint state, int index);

    [LibraryImport(Library)]
    public static partial void lua_pushnil(nint state);

    [LibraryImport(Library)]
    public static partial void lua_pushnumber(nint state, double value);

    [LibraryImport(Library)]
    public static partial void lua_pushboolean(nint state, int value);

    [LibraryImport(Library)]
    public static partial void lua_pushlstring(nint state, byte* text, nuint length);

    [LibraryImport(Library)]
    public static partial void lua_pushlightuserdata(nint state, void* pointer);

    [LibraryImport(Library)]
    public static partial void lua_pushcclosure(nint state, delegate* unmanaged[Cdecl]<nint, int> function, int upvalues);

    [LibraryImport(Library)]
    public static partial void lua_createtable(nint state, int items, int fields);

    [LibraryImport(Library)]
    public static partial void* lua_newuserdata(nint state, nuint size);

    [LibraryImport(Library)]
    public static partial int lua_getmetatable(nint state, int index);

    [LibraryImport(Library)]
    public static partial int lua_setmetatable(nint state, int index);

    [LibraryImport(Library)]
    public static partial int lua_rawequal(nint state, int one, int other);

    [LibraryImport(Library)]
    public static partial void lua_rawget(nint state, int index);

    [LibraryImport(Library)]
    public static partial void lua_rawset(nint state, int index);

    [LibraryImport(Library)]
    public static partial void lua_rawgeti(nint state, int index, int number);

    [LibraryImport(Library)]
    public static partial void lua_rawseti(nint state, int index, int number);

    [LibraryImport(Library)]
    public static partial int lua_next(nint state, int index);

    [LibraryImport(Library)]
    public static partial int luaL_ref(nint state, int table);

    [LibraryImport(Library)]
    public static partial void luaL_unref(nint state, int table, int reference);

    [LibraryImport(Library)]
    public static partial int lua_gc(nint state, int what, int data);

    [LibraryImport(Library)]
    public static partial int lua_getstack(nint state, int level, Activation* activation);

    [LibraryImport(Library)]
    public static partial int lua_getinfo(nint state, byte* what, Activation* activation);

    /// <summary>lua_Debug.</summary>
    public struct Activation
    {
        public int Event;
        public byte* Name;
        public byte* NameKind;
        public byte* What;
        public byte* Source;
        public int CurrentLine;
        public int UpvalueCount;
        public int FirstLine;
        public int LastLine;
        public fixed byte ShortSource[60];
        public int Call;
    }
}
