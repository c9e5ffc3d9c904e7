using System;
using System.Text;
using Fastdist.Lua;
using Fastdist.Rules.Chains;

namespace Fastdist.Control.Configuration.Objects.Questions;

/// <summary>Makes functions about queries and answers, whose first argument is the object of one, and reads their arguments. What is wrong is the script's error, and no exception.</summary>
internal static class Native
{
    /// <summary>Something done with a query or an answer.</summary>
    public delegate void Body(LuaFrame frame, Question question);

    /// <summary>One that looks, or decides.</summary>
    public static LuaNative On(Body body) => frame =>
    {
        if (frame.Target<QuestionWorld>(0) is not { } world)
        {
            frame.Fail("write a colon in front of a method, dq:method(), not a dot");
        }
        else if (world.Current is not { } question)
        {
            frame.Fail("a query is only there while the function runs that it was given to: keep what is read of it, and not the object");
        }
        else
        {
            body(frame, question);
        }
    };

    /// <summary>One that changes the message.</summary>
    public static LuaNative Editing(Body body) => On((frame, question) =>
    {
        if (question.IsSelecting)
        {
            frame.Fail("a selector only looks: change messages in an action");
        }
        else
        {
            body(frame, question);
        }
    });

    /// <summary>Reads a whole number.</summary>
    public static bool Integer(LuaFrame frame, int index, string name, int least, int most, out int value)
    {
        bool isOne = frame.TryGetInteger(index, least, most, out long number);
        value = (int)number;
        if (!isOne)
        {
            frame.Fail($"{name}: expected a whole number from {least} to {most}");
        }

        return isOne;
    }

    /// <summary>Reads true or false; what stands for it otherwise.</summary>
    public static bool Boolean(LuaFrame frame, int index, string name, bool otherwise)
    {
        if (frame.TryGetBoolean(index, out bool value))
        {
            return value;
        }

        frame.Fail($"{name}: expected true or false");
        return otherwise;
    }

    /// <summary>Reads bytes.</summary>
    public static bool Bytes(LuaFrame frame, int index, string name, out ReadOnlySpan<byte> value)
    {
        bool isOne = frame.TryGetBytes(index, out value);
        if (!isOne)
        {
            frame.Fail($"{name}: expected a string");
        }

        return isOne;
    }

    /// <summary>Reads a text.</summary>
    public static bool Text(LuaFrame frame, int index, string name, out string value)
    {
        bool isOne = Bytes(frame, index, name, out ReadOnlySpan<byte> bytes);
        value = isOne ? Encoding.UTF8.GetString(bytes) : "";
        return isOne;
    }

    /// <summary>Gives a text; nil for none.</summary>
    public static void Return(LuaFrame frame, string? text)
    {
        if (text is null)
        {
            frame.ReturnNil();
        }
        else
        {
            frame.Return(LuaValue.Of(text));
        }
    }
}
