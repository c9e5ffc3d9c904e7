using System.Runtime.CompilerServices;
using Fastdist.Lua;
using Fastdist.Rules.Chains;

namespace Fastdist.Control.Configuration.Objects.Questions;

/// <summary>
/// What a world of Lua has of queries and answers: one object of each kind, which stand for whichever is being asked about. A script that keeps one finds
/// nothing in it when its function has ended.
/// </summary>
internal sealed class QuestionWorld
{
    private static readonly ConditionalWeakTable<LuaState, QuestionWorld> s_all = [];

    private QuestionWorld(LuaState state)
    {
        Query = state.Anchor(new LuaObject(QuestionObject.Queries, this));
        Answer = state.Anchor(new LuaObject(QuestionObject.Answers, this));
        Header = state.Anchor(new LuaObject(HeaderObject.Class, new LiveHeader(this)));
    }

    /// <summary>What is being asked about; null for nothing.</summary>
    public Question? Current { get; set; }

    /// <summary>The object of queries, <c>dq</c>.</summary>
    public LuaAnchor Query { get; }

    /// <summary>The object of answers, <c>dr</c>.</summary>
    public LuaAnchor Answer { get; }

    /// <summary>The object of their header, <c>dh</c>.</summary>
    public LuaAnchor Header { get; }

    /// <summary>That of a world.</summary>
    public static QuestionWorld Of(LuaState state) => s_all.GetValue(state, static key => new QuestionWorld(key));
}
