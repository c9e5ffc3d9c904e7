using System.Linq;
using Fastdist.Control.Configuration.Objects.Questions;
using Fastdist.Rules.Chains;

namespace Fastdist.Control.Configuration.Functions.Rules;

/// <summary>A selector that each shard asks a function of its own for.</summary>
/// <param name="worlds">The shards' functions.</param>
internal sealed class ThreadSelector(ThreadWorlds worlds) : CustomSelector
{
    private ScriptedRules.Test[] _tests = [];

    /// <inheritdoc/>
    public override void Prepare(int shards)
    {
        worlds.Prepare(shards);
        _tests = [.. _tests, .. Enumerable.Range(_tests.Length, int.Max(shards - _tests.Length, 0)).Select(shard => new ScriptedRules.Test(worlds[shard]))];
    }

    /// <inheritdoc/>
    public override ICustomTest TestOf(int shard) => _tests[shard];

    /// <inheritdoc/>
    public override string ToString() => "Lua FFI per-thread script";
}

/// <summary>An action that each shard asks a function of its own for.</summary>
/// <param name="worlds">The shards' functions.</param>
/// <param name="isForAnswers">Whether it is one for answers.</param>
internal sealed class ThreadAction(ThreadWorlds worlds, bool isForAnswers) : CustomAction(isForAnswers)
{
    private ScriptedRules.Deed[] _deeds = [];

    /// <inheritdoc/>
    public override void Prepare(int shards)
    {
        worlds.Prepare(shards);
        _deeds = [.. _deeds, .. Enumerable.Range(_deeds.Length, int.Max(shards - _deeds.Length, 0)).Select(shard => new ScriptedRules.Deed(worlds[shard], IsForAnswers))];
    }

    /// <inheritdoc/>
    public override ICustomDeed DeedOf(int shard) => _deeds[shard];

    /// <inheritdoc/>
    public override string ToString() => "Lua FFI per-thread script";
}
