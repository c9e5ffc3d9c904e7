using System;
using System.Collections.Generic;
using System.Linq;
using Fastdist.Dns;
using Fastdist.Lua;

namespace Fastdist.Control.Configuration.Objects.Questions;

/// <summary>What EDNS options of one code a message has, as an object.</summary>
internal static class OptionObject
{
    private static readonly LuaClass s_class = new("EDNSOptionView")
    {
        Natives = new Dictionary<string, LuaNative>
        {
            ["count"] = static frame => Return(frame, static values => LuaValue.Of(values.Count)),
            ["getValues"] = static frame => Return(frame, static values => LuaValue.Of([.. values.Select(static value => new LuaString(value))])),
        },
    };

    /// <summary>All options of a message, in a table by their codes.</summary>
    public static LuaValue AllOf(ReadOnlySpan<byte> message)
    {
        var all = new SortedDictionary<ushort, List<byte[]>>();
        var walk = new OptionWalk(message);
        while (walk.Next())
        {
            if (!all.TryGetValue(walk.Code, out List<byte[]>? values))
            {
                all.Add(walk.Code, values = []);
            }

            values.Add(walk.Data.ToArray());
        }

        return new LuaTable([], [.. all.Select(static option => (LuaValue.Of(option.Key), (LuaValue)new LuaObject(s_class, option.Value)))]);
    }

    private static void Return(LuaFrame frame, Func<List<byte[]>, LuaValue> read)
    {
        if (frame.Target<List<byte[]>>(0) is { } values)
        {
            frame.Return(read(values));
        }
        else
        {
            frame.Fail("write a colon in front of a method, not a dot");
        }
    }
}
