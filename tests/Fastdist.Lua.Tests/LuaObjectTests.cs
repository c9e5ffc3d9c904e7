using System;
using System.Collections.Generic;
using Xunit;

namespace Fastdist.Lua.Tests;

public sealed class LuaObjectTests
{
    private static readonly LuaClass s_box = new("Box")
    {
        Methods = new Dictionary<string, LuaBody>
        {
            ["get"] = static call => LuaValue.Of(((Box)((LuaObject)call[0]).Target).Value),
            ["add"] = static call =>
            {
                ((Box)((LuaObject)call[0]).Target).Value += ((LuaNumber)call[1]).Value;
                return call[0];
            },
        },
        Get = static call => $"{call[1]}" == "value" ? LuaValue.Of(((Box)((LuaObject)call[0]).Target).Value) : throw new LuaException($"no field '{call[1]}'"),
        Set = static call =>
        {
            ((Box)((LuaObject)call[0]).Target).Value = ((LuaNumber)call[2]).Value;
            return LuaValue.Nil;
        },
        Text = static call => LuaValue.Of($"box of {((Box)((LuaObject)call[0]).Target).Value}"),
    };

    [Fact]
    public void Methods_fields_and_text_are_the_objects()
    {
        using LuaState state = WithBoxes();
        Assert.Equal(LuaValue.Of(12), state.Run("return new(5):add(3):add(4):get()"));
        Assert.Equal(LuaValue.Of(5), state.Run("return new(5).value"));
        Assert.Equal(LuaValue.Of("box of 7"), state.Run("local b = new(5) b.value = 7 return tostring(b)"));
        Assert.Equal("/conf/test.conf:1: no field 'lid'", Assert.Throws<LuaException>(() => state.Run("return new(5).lid")).Message);
    }

    [Fact]
    public void Two_objects_that_stand_for_the_same_are_equal()
    {
        using LuaState state = WithBoxes();
        var box = new Box();
        state.Set("same", _ => new LuaObject(s_box, box));
        Assert.Equal(LuaValue.Of(true), state.Run("return same() == same()"));
        Assert.Equal(LuaValue.Of(false), state.Run("return same() == new(1)"));
    }

    [Fact]
    public void Ten_thousand_objects_live_under_forced_collections_and_are_let_go()
    {
        using LuaState state = WithBoxes();
        var collected = 0;
        state.Set("collect", _ =>
        {
            collected++;
            GC.Collect();
            return LuaValue.Nil;
        });
        Assert.Equal(LuaValue.Of(50_005_000), state.Run("""
            local boxes, sum = {}, 0
            for i = 1, 10000 do
                boxes[i] = new(i)
                new(i)
                if i % 1000 == 0 then collectgarbage() collect() end
            end
            for i = 1, 10000 do sum = sum + boxes[i]:get() end
            return sum
            """));
        Assert.Equal(10, collected);
        state.Run("collectgarbage() collectgarbage()");
        Assert.Equal(0, state.HeldCount);
    }

    [Theory]
    [InlineData("debug.setmetatable(io.stdout, debug.getmetatable(new(1))) return io.stdout:get()")]
    [InlineData("return debug.getmetatable(new(1)).__index(io.stdout, 'get')(io.stdout)")]
    [InlineData("debug.getmetatable(new(1)).__gc(io.stdout) return debug.getmetatable(new(1)).__gc(nil)")]
    [InlineData("local m = debug.getmetatable(new(1)) m.__index(nil, 'x')")]
    public void An_object_that_is_none_of_ours_is_not_taken_for_one(string script)
    {
        using LuaState state = WithBoxes();
        try
        {
            state.Run(script);
        }
        catch (LuaException)
        {
            // Refused is as good as ignored.
        }

        Assert.Equal(LuaValue.Of(4), state.Run("return new(4):get()"));
    }

    private static LuaState WithBoxes()
    {
        LuaState state = Worlds.Plain();
        state.Set("new", static call => new LuaObject(s_box, new Box { Value = ((LuaNumber)call[0]).Value }));
        return state;
    }

    private sealed class Box
    {
        public double Value { get; set; }
    }
}
