using System.Linq;
using System.Text;
using Fastdist.Control.Configuration;
using Fastdist.Control.Configuration.Drafts;
using Fastdist.Control.Configuration.Language;
using Fastdist.Lua;
using Fastdist.Settings;
using Fastdist.Settings.Tables;
using Xunit;

namespace Fastdist.Control.Tests.Configuration;

/// <summary>Scripts of the configuration language that are run for what they return.</summary>
internal static class Scripts
{
    /// <summary>What a script returns, as <c>tostring</c> has it.</summary>
    public static string Text(string text)
    {
        var problems = new Problems();
        using Script script = New(problems);
        string result = Run(script, $"local function f() {text} end return tostring(f())");
        problems.ThrowIfAny();
        return result;
    }

    /// <summary>The first thing that is wrong with a script.</summary>
    public static string Problem(string text)
    {
        var problems = new Problems();
        using Script script = New(problems);
        try
        {
            Run(script, $"return tostring({text})");
        }
        catch (LuaException exception)
        {
            return exception.Message;
        }

        return Assert.Throws<OptionException>(problems.ThrowIfAny).Lines[0];
    }

    /// <summary>The settings that a script comes to.</summary>
    public static ProcessOptions Settings(string text)
    {
        var problems = new Problems();
        using Script script = New(problems);
        Run(script, text);
        problems.ThrowIfAny();
        return script.Draft.Complete();
    }

    /// <summary>All that is said of a script: problems, then notes.</summary>
    public static string[] Said(string text)
    {
        var problems = new Problems();
        using Script script = New(problems);
        Run(script, text);
        return [.. problems.Any ? Assert.Throws<OptionException>(problems.ThrowIfAny).Lines : [], .. problems.Notes.Select(note => note.Text)];
    }

    private static Script New(Problems problems)
    {
        var script = new Script(new ScriptPolicy(), Occasion.Configuration, "/", new Draft(new ProcessOptions()), problems);
        Vocabulary.Teach(script);
        return script;
    }

    private static string Run(Script script, string text) => $"{script.Run(Encoding.UTF8.GetBytes(text), "=script")}";
}
