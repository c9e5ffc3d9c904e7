using Fastdist.Rules.Rates;
using Fastdist.Settings.Rules;

namespace Fastdist.Rules.Actions;

/// <summary>No further rule is asked.</summary>
/// <param name="isForAnswers">Whether it is one for answers.</param>
public sealed class AllowAction(bool isForAnswers = false) : RuleAction(isForAnswers)
{
    /// <inheritdoc/>
    public override string ToString() => "allow";
}

/// <summary>No answer is given.</summary>
/// <param name="isForAnswers">Whether it is one for answers.</param>
public sealed class DropAction(bool isForAnswers = false) : RuleAction(isForAnswers)
{
    /// <inheritdoc/>
    public override string ToString() => "drop";
}

/// <summary>Nothing is done; the rule counts.</summary>
public sealed class NoneAction() : RuleAction(isForAnswers: false)
{
    /// <inheritdoc/>
    public override string ToString() => "no op";
}

/// <summary>Over UDP the client is told to ask over TCP; there the next rule is asked.</summary>
/// <param name="isForAnswers">Whether it is one for answers, of which the records are taken out.</param>
public sealed class TruncateAction(bool isForAnswers = false) : RuleAction(isForAnswers)
{
    /// <inheritdoc/>
    public override string ToString() => "tc=1 answer";
}

/// <summary>Another action is done, and the next rule is asked, whatever it was.</summary>
/// <param name="inner">The other.</param>
public sealed class ContinueAction(RuleAction inner) : RuleAction(isForAnswers: false)
{
    /// <summary>The other.</summary>
    public RuleAction Inner => inner;

    /// <inheritdoc/>
    public override string ToString() => $"continue after: {inner}";
}

/// <summary>A pool is asked.</summary>
/// <param name="pool">Its name.</param>
/// <param name="stops">Whether no further rule is asked.</param>
public sealed class PoolAction(string pool, bool stops = true) : RuleAction(isForAnswers: false)
{
    /// <summary>Its name.</summary>
    public string Pool => pool;

    /// <summary>Whether no further rule is asked.</summary>
    public bool Stops => stops;

    /// <inheritdoc/>
    public override string ToString() => $"to pool {pool}{(stops ? "" : " (continue)")}";
}

/// <summary>A pool is asked as often as a rate allows.</summary>
/// <param name="rate">Queries a second, over all shards.</param>
/// <param name="pool">Its name.</param>
/// <param name="stops">Whether no further rule is asked then.</param>
public sealed class LimitedPoolAction(uint rate, string pool, bool stops = true) : RuleAction(isForAnswers: false)
{
    /// <summary>Queries there may be.</summary>
    public ProcessRate Rate { get; } = new(rate, rate);

    /// <summary>Its name.</summary>
    public string Pool => pool;

    /// <summary>Whether no further rule is asked then.</summary>
    public bool Stops => stops;

    /// <inheritdoc/>
    public override string ToString() => $"max {rate} to pool {pool}";
}

/// <summary>What is more than a rate is dropped.</summary>
/// <param name="rate">Queries a second, over all shards.</param>
public sealed class LimitAction(uint rate) : RuleAction(isForAnswers: false)
{
    /// <summary>Queries there may be.</summary>
    public ProcessRate Rate { get; } = new(rate, rate);

    /// <inheritdoc/>
    public override string ToString() => $"qps limit to {rate}";
}

/// <summary>The answer waits before it is sent, over UDP.</summary>
/// <param name="milliseconds">How long.</param>
/// <param name="isForAnswers">Whether it is one for answers.</param>
public sealed class DelayAction(int milliseconds, bool isForAnswers = false) : RuleAction(isForAnswers)
{
    /// <summary>How long, milliseconds.</summary>
    public int Milliseconds => milliseconds;

    /// <inheritdoc/>
    public override string ToString() => $"delay by {milliseconds} ms";
}
