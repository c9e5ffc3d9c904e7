using System;

namespace Fastdist.Settings.Rules;

/// <summary>A selector and an action. What it has matched belongs to it, wherever in a chain it is moved to.</summary>
/// <param name="selector">What it looks for.</param>
/// <param name="action">What is done with what it matches.</param>
public sealed class Rule(Selector selector, RuleAction action)
{
    private Guid _id = Guid.NewGuid();
    private RuleHits _hits = new();

    /// <summary>What it looks for.</summary>
    public Selector Selector => selector;

    /// <summary>What is done with what it matches.</summary>
    public RuleAction Action => action;

    /// <summary>Its name; empty without one. Several may have the same.</summary>
    public string Name { get; init; } = "";

    /// <summary>What tells it from all others.</summary>
    public Guid Id
    {
        get => _id;
        init => _id = value;
    }

    /// <summary>How many rules were made before it, in the order of the configuration.</summary>
    public long CreationOrder { get; init; }

    /// <summary>How often it has matched.</summary>
    public RuleHits Hits
    {
        get => _hits;
        init => _hits = value;
    }

    /// <summary>What metrics call it: its name, or its number where it has none.</summary>
    public string Label => Name.Length > 0 ? Name : $"{Id}";

    /// <summary>Goes on in the place of another: under its number, and with what it has matched. To be done before anything is asked of this one.</summary>
    public void TakeOver(Rule last) => (_id, _hits) = (last._id, last._hits);
}
