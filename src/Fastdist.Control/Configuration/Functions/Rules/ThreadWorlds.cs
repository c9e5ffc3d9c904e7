using System;
using System.Text;
using Fastdist.Control.Configuration.Drafts;
using Fastdist.Control.Configuration.Language;
using Fastdist.Control.Configuration.Objects;
using Fastdist.Control.Configuration.Objects.Questions;
using Fastdist.Lua;
using Fastdist.Settings;
using Fastdist.Settings.Tables;

namespace Fastdist.Control.Configuration.Functions.Rules;

/// <summary>
/// A piece of code that each shard runs in a world of its own, which shares nothing with others; it gives the function that decides about queries or answers.
/// </summary>
internal sealed class ThreadWorlds
{
    /// <summary>Longest that the code may take to give its function.</summary>
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(10);

    private readonly Script _owner;
    private readonly byte[] _code;
    private readonly string _place;
    private readonly bool _isForAnswers;
    private OwnFunction[] _functions = [];

    /// <param name="owner">The configuration's script.</param>
    /// <param name="code">The code.</param>
    /// <param name="isForAnswers">Whether it decides about answers.</param>
    /// <exception cref="ScriptException">It does not run, or gives no function.</exception>
    public ThreadWorlds(Script owner, string code, bool isForAnswers)
    {
        (_owner, _code, _isForAnswers) = (owner, Encoding.UTF8.GetBytes(code), isForAnswers);
        _place = owner.Place;
        _functions = [Make()];
    }

    /// <summary>Makes the worlds of shards; by the thread that makes rules.</summary>
    public void Prepare(int shards)
    {
        int there = _functions.Length;
        if (there < shards)
        {
            OwnFunction[] all = new OwnFunction[shards];
            _functions.CopyTo(all, 0);
            for (int shard = there; shard < shards; shard++)
            {
                all[shard] = Make();
            }

            _functions = all;
        }
    }

    /// <summary>The function of a shard.</summary>
    public OwnFunction this[int shard] => _functions[shard];

    private OwnFunction Make()
    {
        var script = new Script(_owner.Policy, Occasion.Client, _owner.Folder, new Draft(new ProcessOptions()), new Problems());
        Teach(script);
        try
        {
            return script.State.Load(_code, _place.Length > 0 ? $"={_place}" : "=code").CallAndKeep(s_limit) is LuaFunction function
                ? new OwnFunction(function, _isForAnswers)
                : throw new ScriptException("this code gives no function: it is to end with return function(dq) ... end");
        }
        catch (LuaException exception)
        {
            throw new ScriptException(exception.Message);
        }
    }

    /// <summary>What computes with names and addresses, what writes to the log, constants, and our own ffi.</summary>
    private void Teach(Script script)
    {
        foreach (Function function in ValueFunctions.All)
        {
            script.Define(function);
        }

        foreach (Function function in LogFunctions.All)
        {
            if (function.IsForQueries && function.Least == 1)
            {
                script.Define(function with { IsForClients = true });
            }
        }

        Script owner = _owner;
        script.Hear(owner.SayToProcess);
        ConstantTables.Define(script);
        FfiLibrary.Install(script.State);
    }
}
