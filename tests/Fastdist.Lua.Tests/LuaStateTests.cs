using System;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using CsCheck;
using Xunit;

namespace Fastdist.Lua.Tests;

public sealed class LuaStateTests
{
    [Theory]
    [InlineData("return 1", "1")]
    [InlineData("return 1.5", "1.5")]
    [InlineData("return -0.25", "-0.25")]
    [InlineData("return 1e20", "1e+20")]
    [InlineData("return 1/3", "0.33333333333333")]
    [InlineData("return 0.0001", "0.0001")]
    [InlineData("return 0.00001", "1e-05")]
    [InlineData("return 123456789012345", "1.2345678901235e+14")]
    [InlineData("return 99999999999999", "99999999999999")]
    [InlineData("return 1/0", "inf")]
    [InlineData("return 2^53", "9.007199254741e+15")]
    [InlineData("return true", "true")]
    [InlineData("return 'a\\0b'", "a\0b")]
    public void A_result_reads_as_Lua_prints_it(string script, string expected)
    {
        using LuaState state = Worlds.Plain();
        Assert.Equal(expected, state.Run(script).ToString());
        Assert.Equal(expected, state.Run($"{script.Replace("return ", "return tostring(", StringComparison.Ordinal)})").ToString());
    }

    [Theory]
    [InlineData("", new string[0])]
    [InlineData("return nil", new[] { "nil" })]
    [InlineData("return true, nil, 'why', nil", new[] { "true", "nil", "why", "nil" })]
    [InlineData("return ...", new[] { "1", "2" })]
    public void All_that_a_function_returns_can_be_asked_for(string body, string[] expected)
    {
        using LuaState state = Worlds.Plain();
        LuaFunction function = Kept(state, body);
        for (int i = 0; i < 100; i++)
        {
            Assert.Equal(expected, function.CallForAll(LuaValue.Of(1), LuaValue.Of(2)).Select(value => value is LuaNil ? "nil" : $"{value}"));
        }
    }

    [Fact]
    public void A_call_for_all_results_that_fails_leaves_nothing_behind()
    {
        using LuaState state = Worlds.Plain();
        LuaFunction function = Kept(state, "local t = {} t.t = t return 1, t");
        LuaFunction other = Kept(state, "error('no', 0)");
        for (int i = 0; i < 10_000; i++)
        {
            Assert.Throws<LuaException>(() => function.CallForAll());
            Assert.Equal("no", Assert.Throws<LuaException>(() => other.CallForAll()).Message);
        }

        Assert.Equal(LuaValue.Of(1), state.Run("return 1"));
    }

    [Fact]
    public void Any_number_reads_as_Lua_prints_it()
    {
        using LuaState state = Worlds.Plain();
        state.Set("same", static call => LuaValue.Of($"{call[0]}" == $"{call[1]}"));
        Gen.OneOf(Gen.Double, Gen.Long[-999_999_999_999_999, 999_999_999_999_999].Select(static n => n / 8.0)).Sample(value =>
        {
            state.Set("number", LuaValue.Of(value));
            return state.Run("return same(number, tostring(number)) or number ~= number") == LuaValue.Of(true);
        }, threads: 1);
    }

    [Fact]
    public void A_table_is_read_as_list_and_fields()
    {
        using LuaState state = Worlds.Plain();
        LuaTable table = Assert.IsType<LuaTable>(state.Run("return {10, 20, x='y', [true]=false, [7]='far', {1, {2}}}"));
        Assert.Equal([LuaValue.Of(10), LuaValue.Of(20)], table.Items.Take(2));
        Assert.IsType<LuaTable>(table.Items[2]);
        Assert.Equal(3, table.Fields.Count);
        Assert.Contains((LuaValue.Of("x"), LuaValue.Of("y")), table.Fields);
        Assert.Contains((LuaValue.Of(true), LuaValue.Of(false)), table.Fields);
        Assert.Contains((LuaValue.Of(7), LuaValue.Of("far")), table.Fields);
    }

    [Fact]
    public void A_table_that_holds_itself_is_an_error_of_the_script()
    {
        using LuaState state = Worlds.Plain();
        state.Set("take", static _ => LuaValue.Nil);
        Assert.Contains("holds itself", Assert.Throws<LuaException>(() => state.Run("local t = {}; t.t = t; take(t)")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_function_of_ours_is_called_with_arguments_and_place()
    {
        using LuaState state = Worlds.Plain();
        LuaCall seen = default;
        state.Set("take", call =>
        {
            seen = call;
            return LuaValue.Of(call.Arguments.Length);
        });
        Assert.Equal(LuaValue.Of(4), state.Run("-- first line\nlocal n = take('a', nil, 3, {})\nreturn n"));
        Assert.Equal("/conf/test.conf:2", seen.Where);
        Assert.Equal(LuaValue.Of("a"), seen[0]);
        Assert.Equal(LuaValue.Nil, seen[1]);
        Assert.Equal(LuaValue.Nil, seen[17]);
    }

    [Fact]
    public void What_a_function_of_ours_throws_is_an_error_at_the_line_of_the_call()
    {
        using LuaState state = Worlds.Plain();
        state.Set("fail", static _ => throw new InvalidOperationException("expected something else"));
        Assert.Equal("/conf/test.conf:3: expected something else", Assert.Throws<LuaException>(() => state.Run("\n\nfail()")).Message);
        Assert.Equal(LuaValue.Of("/conf/test.conf:1: expected something else"), state.Run("local _, problem = pcall(function() fail() end) return problem"));
    }

    [Fact]
    public void A_script_that_is_no_Lua_is_refused_with_its_line()
    {
        using LuaState state = Worlds.Plain();
        Assert.StartsWith("/conf/test.conf:2: ", Assert.Throws<LuaException>(() => state.Run("local a = 1\nlocal b = = 2\n")).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("error({})", "the error is a table, not a text")]
    [InlineData("error()", "the error is nil, not a text")]
    [InlineData("error('mine', 0)", "mine")]
    [InlineData("local t = nil; t.x = 1", "/conf/test.conf:1: attempt to index local 't' (a nil value)")]
    public void An_error_of_a_script_is_told(string script, string expected)
    {
        using LuaState state = Worlds.Plain();
        Assert.Equal(expected, Assert.Throws<LuaException>(() => state.Run(script)).Message);
    }

    [Fact]
    public void A_first_line_for_the_shell_is_no_Lua()
    {
        using LuaState state = Worlds.Plain();
        Assert.Equal(LuaValue.Of(2), state.Run("#!/usr/bin/fastdist -C\nreturn 2"));
    }

    [Fact]
    public void A_function_of_the_script_can_be_kept_and_called_later()
    {
        using LuaState state = Worlds.Plain();
        LuaFunction? kept = null;
        state.Set("keep", call =>
        {
            kept = (LuaFunction)call[0];
            kept.Keep();
            return LuaValue.Nil;
        });
        state.Run("local n = 0 keep(function(by) n = n + by return n end)");
        state.Collect();
        Assert.Equal(LuaValue.Of(2), kept!.Call(LuaValue.Of(2)));
        Assert.Equal(LuaValue.Of(5), kept.Call(LuaValue.Of(3)));
    }

    [Fact]
    public void Calls_go_into_each_other_and_errors_come_back_through_all_of_them()
    {
        using LuaState state = Worlds.Plain();
        state.Set("through", static call => ((LuaFunction)call[0]).Call(call[1]));
        Assert.Equal(LuaValue.Of(6), state.Run("return through(function(n) return through(function(m) return m * 2 end, n) end, 3)"));
        Assert.EndsWith("deep", Assert.Throws<LuaException>(() => state.Run("through(function() through(function() error('deep', 0) end) end)")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Coroutines_call_functions_of_ours()
    {
        using LuaState state = Worlds.Plain();
        state.Set("double", static call => LuaValue.Of(((LuaNumber)call[0]).Value * 2));
        Assert.Equal(LuaValue.Of(12), state.Run("local f = coroutine.wrap(function(n) local m = coroutine.yield(double(n)) return double(m) end) return f(2) + f(4)"));
    }

    [Theory]
    [InlineData("while true do end")]
    [InlineData("while true do pcall(function() while true do end end) end")]
    [InlineData("local function f() return f() end f()")]
    [InlineData("coroutine.wrap(function() while true do end end)()")]
    [InlineData("while true do coroutine.resume(coroutine.create(function() while true do end end)) end")]
    [InlineData("xpcall(function() while true do end end, function() while true do end end)")]
    public async Task A_runaway_is_interrupted(string script)
    {
        using LuaState state = Worlds.Plain();
        using var running = new ManualResetEventSlim();
        state.Set("begin", _ =>
        {
            running.Set();
            return LuaValue.Nil;
        });
        var run = Task.Factory.StartNew(() => state.Run($"begin() {script}"), TestContext.Current.CancellationToken, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        running.Wait(TestContext.Current.CancellationToken);
        state.Interrupt();
        Assert.Contains("interrupted", (await Assert.ThrowsAsync<LuaException>(() => run)).Message, StringComparison.Ordinal);
        Assert.Equal(LuaValue.Of(1), state.Run("return 1"));
    }

    [Fact]
    public void States_live_side_by_side_on_threads_of_their_own()
    {
        Parallel.For(0, 4, thread =>
        {
            using LuaState state = Worlds.Plain();
            state.Set("mine", _ => LuaValue.Of(thread));
            Assert.Equal(LuaValue.Of(thread * 10_000), state.Run("local n = 0 for i = 1, 10000 do n = n + mine() end return n"));
        });
    }

    [Fact]
    public void A_table_of_a_million_entries_is_read()
    {
        using LuaState state = Worlds.Plain();
        int count = 0;
        state.Set("take", call =>
        {
            count = ((LuaTable)call[0]).Items.Count;
            return LuaValue.Nil;
        });
        state.Run("local t = {} for i = 1, 1000000 do t[i] = 'name' .. i end take(t)");
        Assert.Equal(1_000_000, count);
    }

    [Fact]
    public void The_version_is_LuaJITs() => Assert.StartsWith("LuaJIT 2.", LuaState.LibraryVersion, StringComparison.Ordinal);

    private static LuaFunction Kept(LuaState state, string body)
    {
        LuaFunction? kept = null;
        state.Set("keep", call =>
        {
            kept = (LuaFunction)call[0];
            kept.Keep();
            return LuaValue.Nil;
        });
        state.Run($"keep(function(...) {body} end)");
        return kept!;
    }
}
