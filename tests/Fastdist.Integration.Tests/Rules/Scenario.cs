using System;
using System.Collections.Generic;
using System.Linq;

namespace Fastdist.Integration.Tests.Rules;

/// <summary>A configuration, what is asked of who runs it, and what dnsdist made of that.</summary>
internal sealed class Scenario(string name)
{
    /// <summary>The version of dnsdist whose outcomes are stored, unless a scenario says otherwise: Debian 13's own.</summary>
    public const string UsualDnsdist = "1.9.16";

    /// <summary>Queries that follow each other then come to different shards now and then.</summary>
    public const int UsualShards = 2;

    public string Name { get; } = name;

    /// <summary>Whose outcomes are stored; a newer one where <see cref="UsualDnsdist"/> does not know what the scenario is about.</summary>
    public string Dnsdist { get; set; } = UsualDnsdist;

    /// <summary>Whether the outcomes hold only when all of it takes less than a second, as where a rate is a whole number a second.</summary>
    public bool IsQuick { get; set; }

    /// <summary>Whether TTLs may be a few seconds off: where answers age, a second may end at any time.</summary>
    public bool IsAgeing { get; set; }

    /// <summary>How many shards fastdist has: two, unless what is asked about is exact in one of them only.</summary>
    public int Shards { get; set; } = UsualShards;

    /// <summary>Whether fastdist refuses the configuration, as it does not have yet what the scenario is about.</summary>
    public bool IsRefused { get; set; }

    /// <summary>What its author says about it.</summary>
    public List<string> Comments { get; } = [];

    /// <summary>Lines of Lua for behind the frame that <see cref="ScenarioStage"/> gives.</summary>
    public List<string> Configuration { get; } = [];

    public List<ScenarioStep> Steps { get; } = [];

    /// <summary>Whether a query of it goes this way, so that there must be a frontend for it.</summary>
    public bool Asks(string transport) => Steps.Any(step => step.IsQuery && step.Text.StartsWith($"{transport} ", StringComparison.Ordinal));
}

/// <summary>A query, or a line for the console, and what came of it.</summary>
/// <param name="IsQuery">Whether it is a query.</param>
/// <param name="Text">The words of <see cref="ScenarioQuery"/>, or the console's line.</param>
internal sealed record ScenarioStep(bool IsQuery, string Text)
{
    /// <summary>What its author says about it.</summary>
    public List<string> Comments { get; } = [];

    /// <summary>What came of it at dnsdist, in the lines of <see cref="ScenarioPlayer"/>.</summary>
    public List<string> Theirs { get; set; } = [];

    /// <summary>Why ours is another, in the words of the migration table; null where it is not.</summary>
    public string? Difference { get; set; }

    /// <summary>What comes of it at fastdist, where that differs.</summary>
    public List<string> Ours { get; set; } = [];

    /// <summary>What is expected of fastdist.</summary>
    public List<string> Expected => Difference is null ? Theirs : Ours;
}
