using System;
using System.Diagnostics;
using Fastdist.Control.Configuration.Language;
using Fastdist.Lua;
using Fastdist.Rules.Chains;

namespace Fastdist.Control.Configuration.Objects.Questions;

/// <summary>A function of Lua that decides about queries or answers.</summary>
internal abstract class QuestionFunction
{
    /// <summary>Longest that it may take: a shard answers nobody meanwhile.</summary>
    public static readonly TimeSpan Limit = TimeSpan.FromMilliseconds(10);

    private static readonly long s_limit = (long)(Limit.TotalSeconds * Stopwatch.Frequency);

    private readonly LuaCallback _callback;
    private readonly QuestionWorld _world;
    private readonly LuaReply _reply = new();

    /// <param name="function">The function.</param>
    /// <param name="isForAnswers">Whether it decides about answers.</param>
    protected QuestionFunction(LuaFunction function, bool isForAnswers)
    {
        _world = QuestionWorld.Of(function.State);
        _callback = new LuaCallback(function, isForAnswers ? _world.Answer : _world.Query);
    }

    /// <summary>Asks it about a query or an answer; never throws.</summary>
    /// <param name="question">What it is asked about. Takes the second value it gives, a string, as its text.</param>
    /// <param name="reply">Receives the first.</param>
    public abstract void Ask(Question question, out Reply reply);

    /// <summary>Asks it, by whoever may use its world.</summary>
    protected void Call(Question question, out Reply reply)
    {
        _world.Current = question;
        _callback.Call(s_limit, _reply);
        _world.Current = null;
        if (_reply.HasText)
        {
            question.SetText(_reply.Text);
        }

        if (_reply.Kind == LuaReplyKind.Failure)
        {
            question.Fail(_reply.Problem);
        }

        reply = new Reply(_reply.Kind, _reply.Number, _reply.IsTrue);
    }

    /// <summary>What a function gave.</summary>
    /// <param name="Kind">What it is.</param>
    /// <param name="Number">A number.</param>
    /// <param name="IsTrue">True or false.</param>
    internal readonly record struct Reply(LuaReplyKind Kind, double Number, bool IsTrue);
}

/// <summary>One of the configuration, which all shards ask, one at a time.</summary>
internal sealed class SharedFunction : QuestionFunction
{
    private readonly Script _script;

    /// <param name="script">The configuration's script.</param>
    /// <param name="function">The function.</param>
    /// <param name="isForAnswers">Whether it decides about answers.</param>
    public SharedFunction(Script script, LuaFunction function, bool isForAnswers)
        : base(function, isForAnswers)
    {
        _script = script;
        script.KeepWorld();
    }

    /// <inheritdoc/>
    public override void Ask(Question question, out Reply reply)
    {
        if (!_script.Lock.TryEnter())
        {
            question.Fail("the configuration's Lua is in use, by maintenance(), the console or other queries");
            reply = new Reply(LuaReplyKind.Failure, 0, false);
            return;
        }

        _script.BeginQuery();
        Call(question, out reply);
        _script.EndQuery();
        _script.Lock.Exit();
    }
}

/// <summary>One of a shard's own, which nobody else asks.</summary>
/// <param name="function">The function.</param>
/// <param name="isForAnswers">Whether it decides about answers.</param>
internal sealed class OwnFunction(LuaFunction function, bool isForAnswers) : QuestionFunction(function, isForAnswers)
{
    /// <inheritdoc/>
    public override void Ask(Question question, out Reply reply) => Call(question, out reply);
}
