using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Text;
using Xunit;

namespace Fastdist.Lua.Tests;

/// <summary>Functions that make no objects, in both directions.</summary>
public sealed class LuaNativeTests
{
    private static readonly LuaClass s_box = new("Box")
    {
        Natives = new Dictionary<string, LuaNative>
        {
            ["add"] = static frame =>
            {
                if (frame.TryGetNumber(1, out double more))
                {
                    frame.Target<Box>(0)!.Value += more;
                    frame.Return(frame.Target<Box>(0)!.Value);
                }
                else
                {
                    frame.Fail("expected a number");
                }
            },
        },
        Getters = new Dictionary<string, LuaNative> { ["value"] = static frame => frame.Return(frame.Target<Box>(0)!.Value) },
        Setters = new Dictionary<string, LuaNative>
        {
            ["value"] = static frame =>
            {
                _ = frame.TryGetNumber(1, out double value);
                frame.Target<Box>(0)!.Value = value;
            },
        },
    };

    [Fact]
    public void Methods_and_fields_of_an_object_may_be_native()
    {
        using LuaState state = Worlds.Plain();
        state.Set("box", new LuaObject(s_box, new Box()));
        Assert.Equal(LuaValue.Of(12), state.Run("box.value = 5 box:add(3) return box:add(4)"));
        Assert.Equal(LuaValue.Of(12), state.Run("return box.value"));
        Assert.Equal("/conf/test.conf:2: expected a number", Assert.Throws<LuaException>(() => state.Run("\nlocal sum = box:add({})")).Message);
        Assert.Equal("/conf/test.conf:1: a Box has no field 'lid'", Assert.Throws<LuaException>(() => state.Run("return box.lid")).Message);
        Assert.Equal("/conf/test.conf:1: a Box has no field 'lid' that can be set", Assert.Throws<LuaException>(() => state.Run("box.lid = 1")).Message);
    }

    [Fact]
    public void Arguments_are_read_as_what_they_are()
    {
        using LuaState state = Worlds.Plain();
        state.Set("t", new Dictionary<string, LuaNative>
        {
            ["tell"] = static frame =>
            {
                var text = new StringBuilder($"{frame.Count}:");
                for (int i = 0; i < frame.Count; i++)
                {
                    text.Append(frame.TryGetInteger(i, 0, 100, out long whole) ? $" {whole}" : frame.TryGetNumber(i, out double number) ? $" {number:0.0}" : "");
                    text.Append(frame.TryGetBoolean(i, out bool value) ? $" {value}" : frame.IsNil(i) ? " nil" : frame.IsFunction(i) ? " f" : "");
                    text.Append(frame.TryGetBytes(i, out ReadOnlySpan<byte> bytes) ? $" '{Encoding.UTF8.GetString(bytes)}'" : $" {frame[i].Kind}");
                }

                frame.Return(LuaValue.Of(text.ToString()));
            },
        });
        Assert.Equal("6: 5 '5' 1.5 '1.5' 7 '7' True a boolean nil nil f a function", $"{state.Run("return t.tell(5, 1.5, '7', true, nil, print)")}");
    }

    [Fact]
    public void Several_values_are_given()
    {
        using LuaState state = Worlds.Plain();
        state.Set("t", new Dictionary<string, LuaNative>
        {
            ["all"] = static frame =>
            {
                frame.Return(1);
                frame.Return(true);
                frame.Return("x"u8);
                frame.ReturnNil();
                frame.Return(LuaValue.Of([LuaValue.Of("y")]));
            },
            ["none"] = static _ => { },
            ["throws"] = static _ => throw new FormatException("oh"),
            ["both"] = static frame =>
            {
                frame.Return(1);
                frame.Fail("no");
            },
        });
        Assert.Equal("1truexnily", $"{state.Run("local a, b, c, d, e = t.all() return a .. tostring(b) .. c .. tostring(d) .. e[1]")}");
        Assert.Equal("0", $"{state.Run("return select('#', t.none())")}");
        Assert.Equal("/conf/test.conf:1: oh", Assert.Throws<LuaException>(() => state.Run("t.throws()")).Message);
        Assert.Equal("/conf/test.conf:1: no", Assert.Throws<LuaException>(() => state.Run("t.both()")).Message);
        Assert.Equal("1", $"{state.Run("return (t.all())")}");
    }

    [Fact]
    public void A_callback_gives_what_its_function_gave()
    {
        using LuaState state = Worlds.Plain();
        var box = new Box();
        LuaAnchor anchor = state.Anchor(new LuaObject(s_box, box));
        var reply = new LuaReply();
        var callback = new LuaCallback((LuaFunction)state.Load("return function(b) return b:add(1), 'text' .. b.value end"u8, "=x").CallAndKeep(TimeSpan.FromSeconds(5)), anchor);
        callback.Call(Stopwatch.Frequency, reply);
        Assert.Equal((LuaReplyKind.Number, 1, true, "text1"), (reply.Kind, reply.Number, reply.HasText, Encoding.UTF8.GetString(reply.Text)));
        Assert.Equal(LuaReplyKind.Boolean, Kind(state, anchor, "return true", reply));
        Assert.True(reply.IsTrue);
        Assert.Equal(LuaReplyKind.Nothing, Kind(state, anchor, "", reply));
        Assert.Equal(LuaReplyKind.Other, Kind(state, anchor, "return {}", reply));
        Assert.Equal(LuaReplyKind.Failure, Kind(state, anchor, "error('oh')", reply));
        Assert.Equal("x:1: oh", reply.Problem);
    }

    [Fact]
    public void A_callback_that_takes_too_long_is_interrupted_and_the_next_is_not()
    {
        using LuaState state = Worlds.Plain();
        LuaAnchor anchor = state.Anchor(new LuaObject(s_box, new Box()));
        var reply = new LuaReply();
        Assert.Equal(LuaReplyKind.Failure, Kind(state, anchor, "while true do end", reply, Stopwatch.Frequency / 100));
        Assert.Contains("interrupted", reply.Problem);
        Assert.Equal(LuaReplyKind.Boolean, Kind(state, anchor, "for i = 1, 1000000 do end return true", reply));
    }

    [Fact]
    public void A_call_makes_no_object()
    {
        using LuaState state = Worlds.Plain();
        LuaAnchor anchor = state.Anchor(new LuaObject(s_box, new Box()));
        var callback = new LuaCallback((LuaFunction)state.Load("return function(b) b.value = b.value + 1 return b:add(1), 'text' end"u8, "=x").CallAndKeep(TimeSpan.FromSeconds(5)), anchor);
        var reply = new LuaReply();
        callback.Call(Stopwatch.Frequency, reply);
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 1000; i++)
        {
            callback.Call(Stopwatch.Frequency, reply);
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.Equal(2002, reply.Number);
    }

    [Fact]
    public void A_state_that_nobody_uses_is_closed_by_the_collector()
    {
        for (int i = 0; i < 20; i++)
        {
            Leave();
        }

        GC.Collect();
        GC.WaitForPendingFinalizers();
        using LuaState state = Worlds.Plain();
        Assert.Equal(LuaValue.Of(3), state.Run("return 1 + 2"));

        static void Leave()
        {
            LuaState state = Worlds.Plain();
            state.Set("box", new LuaObject(s_box, new Box()));
            state.Run("for i = 1, 100 do local b = box end");
        }
    }

    [Fact]
    public void A_state_that_has_ended_says_so()
    {
        LuaState state = Worlds.Plain();
        LuaAnchor anchor = state.Anchor(new LuaObject(s_box, new Box()));
        var callback = new LuaCallback((LuaFunction)state.Load("return function() end"u8, "=x").CallAndKeep(TimeSpan.FromSeconds(5)), anchor);
        state.Dispose();
        state.Dispose();
        var reply = new LuaReply();
        callback.Call(Stopwatch.Frequency, reply);
        Assert.Equal((LuaReplyKind.Failure, "this Lua has ended"), (reply.Kind, reply.Problem));
        Assert.Equal("this Lua has ended", Assert.Throws<LuaException>(() => state.Get("x")).Message);
    }

    private static LuaReplyKind Kind(LuaState state, LuaAnchor anchor, string body, LuaReply reply, long? limit = null)
    {
        var function = (LuaFunction)state.Load(Encoding.UTF8.GetBytes($"return function(b) {body} end"), "=x").CallAndKeep(TimeSpan.FromSeconds(5));
        new LuaCallback(function, anchor).Call(limit ?? (5 * Stopwatch.Frequency), reply);
        return reply.Kind;
    }

    private sealed class Box
    {
        public double Value { get; set; }
    }
}
