using System;
using System.Collections.Generic;
using Xunit;

namespace Fastdist.Lua.Tests;

public sealed class SandboxTests
{
    [Theory]
    [InlineData("os.execute('true')", "os.execute is off")]
    [InlineData("io.popen('true')", "io.popen is off")]
    [InlineData("package.loadlib('x', 'y')", "package.loadlib is off")]
    [InlineData("debug.sethook()", "debug.sethook is off")]
    [InlineData("require('ffi')", "ffi is off")]
    [InlineData("jit.on()", "the compiler is off")]
    public void What_reaches_the_host_is_off_and_says_how_to_have_it(string script, string expected)
    {
        using LuaState state = Worlds.Plain();
        Assert.Contains(expected, Assert.Throws<LuaException>(() => state.Run(script)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("return load(string.dump(function() end))")]
    [InlineData("return loadstring(string.dump(function() end))")]
    [InlineData("return load(string.dump(function() end), 'x', 'b')")]
    public void Bytecode_is_not_loaded(string script)
    {
        using LuaState state = Worlds.Plain();
        Assert.Equal(LuaValue.Nil, state.Run(script));
    }

    [Fact]
    public void All_of_that_is_there_for_who_asks()
    {
        using LuaState state = Worlds.Plain(isUnsafe: true, hasJit: true);
        Assert.Equal(LuaValue.Of(0), state.Run("return os.execute('true')"));
        Assert.Equal(LuaValue.Of("hello\n"), state.Run("return io.popen('echo hello'):read('*a')"));
        Assert.Equal(LuaValue.Of(4), state.Run("return require('ffi').sizeof('int')"));
        Assert.IsType<LuaFunction>(state.Run("return load(string.dump(function() end))"));
        Assert.Equal(LuaValue.Of(true), state.Run("jit.on() return jit.status()"));
    }

    [Theory]
    [InlineData("return os.date('!%Y-%m-%d', 0)", "1970-01-01")]
    [InlineData("return bit.band(0xff, 0x0f) .. ''", "15")]
    [InlineData("return type(io.lines)", "function")]
    [InlineData("return string.format('%5.2f', 3.14159)", " 3.14")]
    [InlineData("return table.concat({1, 2, 3}, ',')", "1,2,3")]
    [InlineData("return (select('#', unpack({1, 2})))  .. ''", "2")]
    [InlineData("return type(math.random())", "number")]
    [InlineData("return type(setfenv(function() end, {}))", "function")]
    public void The_rest_of_Lua_5_1_and_bit_are_there(string script, string expected)
    {
        using LuaState state = Worlds.Plain();
        Assert.Equal(expected, state.Run(script).ToString());
    }

    [Fact]
    public void Files_are_included_loaded_and_required_from_the_folder()
    {
        using LuaState state = Worlds.WithFiles(new Dictionary<string, string>
        {
            ["/conf/more.lua"] = "seen = (seen or 0) + 1 return {n = 4}",
            ["/conf/deep/part.lua"] = "return 'part'",
            ["/conf/whole/init.lua"] = "return 'whole'",
        });
        Assert.Equal(LuaValue.Of(4), state.Run("return require('more').n"));
        Assert.Equal(LuaValue.Of(1), state.Run("require('more') return seen"));
        Assert.Equal(LuaValue.Of("part"), state.Run("return require('deep.part')"));
        Assert.Equal(LuaValue.Of("whole"), state.Run("return require('whole')"));
        Assert.Equal(LuaValue.Of(4), state.Run("return dofile('/conf/more.lua').n"));
        Assert.Equal(LuaValue.Of(3), state.Run("include('/conf/more.lua') return seen"));
        Assert.Equal(LuaValue.Of("part"), state.Run("return loadfile('/conf/deep/part.lua')()"));
    }

    [Fact]
    public void A_missing_or_broken_file_is_an_error_where_it_is_asked_for()
    {
        using LuaState state = Worlds.WithFiles(new Dictionary<string, string> { ["/conf/broken.lua"] = "\nlocal = 1" });
        Assert.Equal("/conf/test.conf:2: cannot read /gone.conf: no such file", Message("\ninclude('/gone.conf')"));
        Assert.Contains("/conf/broken.lua:2:", Message("include('/conf/broken.lua')"), StringComparison.Ordinal);
        Assert.Contains("/conf/broken.lua:2:", Message("require('broken')"), StringComparison.Ordinal);
        Assert.Contains("no file '/conf/gone.lua'", Message("require('gone')"), StringComparison.Ordinal);

        string Message(string script) => Assert.Throws<LuaException>(() => state.Run(script)).Message;
    }
}
