using System;
using Fastdist.Lua;
using Fastdist.Rules.Chains;

namespace Fastdist.Control.Configuration.Objects.Questions;

/// <summary>Makes tests and deeds of functions: what they give becomes what the proxy understands.</summary>
internal static class ScriptedRules
{
    /// <summary>By the numbers of <c>DNSAction</c>.</summary>
    private static readonly DeedResult[] s_queryResults =
    [
        DeedResult.Drop, DeedResult.NxDomain, DeedResult.Refuse, DeedResult.Spoof, DeedResult.Stop, DeedResult.Stop, DeedResult.Pool, DeedResult.Delay,
        DeedResult.Truncate, DeedResult.ServFail, DeedResult.GoOn, DeedResult.GoOn, DeedResult.NoRecurse, DeedResult.SpoofRaw, DeedResult.SpoofPacket, DeedResult.GoOn,
    ];

    /// <summary>By the numbers of <c>DNSResponseAction</c>.</summary>
    private static readonly DeedResult[] s_answerResults =
        [DeedResult.Stop, DeedResult.Delay, DeedResult.Drop, DeedResult.Stop, DeedResult.ServFail, DeedResult.Truncate, DeedResult.GoOn];

    /// <summary>A selector that all shards ask one function for.</summary>
    public sealed class SharedSelector(QuestionFunction function, string text) : CustomSelector
    {
        private readonly Test _test = new(function);

        /// <inheritdoc/>
        public override void Prepare(int shards)
        {
        }

        /// <inheritdoc/>
        public override ICustomTest TestOf(int shard) => _test;

        /// <inheritdoc/>
        public override string ToString() => text;
    }

    /// <summary>An action that all shards ask one function for.</summary>
    public sealed class SharedAction(QuestionFunction function, bool isForAnswers, string text) : CustomAction(isForAnswers)
    {
        private readonly Deed _deed = new(function, isForAnswers);

        /// <inheritdoc/>
        public override void Prepare(int shards)
        {
        }

        /// <inheritdoc/>
        public override ICustomDeed DeedOf(int shard) => _deed;

        /// <inheritdoc/>
        public override string ToString() => text;
    }

    /// <summary>Whether a function says yes.</summary>
    /// <param name="function">The function.</param>
    internal sealed class Test(QuestionFunction function) : ICustomTest
    {
        /// <inheritdoc/>
        public bool Holds(Question question)
        {
            function.Ask(question, out QuestionFunction.Reply reply);
            if (reply.Kind is not (LuaReplyKind.Boolean or LuaReplyKind.Failure))
            {
                question.Fail("a selector's function is to give true or false");
            }

            return reply.IsTrue;
        }
    }

    /// <summary>What a function says is to be done.</summary>
    /// <param name="function">The function.</param>
    /// <param name="isForAnswers">Whether it is one for answers.</param>
    internal sealed class Deed(QuestionFunction function, bool isForAnswers) : ICustomDeed
    {
        private readonly DeedResult[] _results = isForAnswers ? s_answerResults : s_queryResults;

        /// <inheritdoc/>
        public DeedResult Do(Question question)
        {
            function.Ask(question, out QuestionFunction.Reply reply);
            if (reply.Kind == LuaReplyKind.Number && reply.Number >= 0 && reply.Number < _results.Length && reply.Number == Math.Floor(reply.Number))
            {
                return _results[(int)reply.Number];
            }

            if (reply.Kind != LuaReplyKind.Failure)
            {
                question.Fail(isForAnswers ? "an action's function is to give one of DNSResponseAction, and a string where that needs one" : "an action's function is to give one of DNSAction, and a string where that needs one");
            }

            return DeedResult.Failed;
        }
    }
}
