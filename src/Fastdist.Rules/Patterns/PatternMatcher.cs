using System;

namespace Fastdist.Rules.Patterns;

/// <summary>Holds texts against a <see cref="Pattern"/>, on one thread at a time.</summary>
public sealed class PatternMatcher
{
    private readonly DeterministicAutomaton? _automaton;
    private readonly Simulation? _simulation;

    /// <summary>One of the two is there.</summary>
    internal PatternMatcher(DeterministicAutomaton? automaton, Simulation? simulation)
    {
        _automaton = automaton;
        _simulation = simulation;
    }

    /// <summary>
    /// Whether the pattern is in the text, or is the text, as its <see cref="Pattern.Syntax"/> has it. Of a name the text is what is shown, without the final
    /// dot; nothing is done about escapes in it.
    /// </summary>
    public bool Matches(ReadOnlySpan<byte> text) => _automaton is { } automaton ? automaton.Matches(text) : _simulation!.Matches(text);
}
