using System;
using System.Globalization;
using Fastdist.Rules.Rates;
using Fastdist.Settings.Rules;

namespace Fastdist.Rules.Selectors;

/// <summary>Matches queries of clients that ask more often than they may, over all shards.</summary>
/// <param name="rates">What clients ask.</param>
/// <param name="text">What it is in dnsdist's words.</param>
public sealed class ClientRateSelector(ClientRates rates, string text) : Selector
{
    /// <summary>What clients ask.</summary>
    public ClientRates Rates => rates;

    /// <inheritdoc/>
    public override string ToString() => text;
}

/// <summary>Matches as many queries a second as there may be, over all shards.</summary>
/// <param name="rate">Queries a second.</param>
/// <param name="burst">Queries at once.</param>
public sealed class RateSelector(uint rate, uint burst) : Selector
{
    /// <summary>What there may be.</summary>
    public ProcessRate Rate { get; } = new(rate, burst, Environment.ProcessorCount);

    /// <inheritdoc/>
    public override string ToString() => $"Max {rate} qps";
}

/// <summary>Matches by lot.</summary>
/// <param name="probability">How likely, 0 to 1.</param>
public sealed class ProbabilitySelector(double probability) : Selector
{
    /// <summary>How likely, 0 to 1.</summary>
    public double Probability => probability;

    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"match with prob. {probability:F2}");
}

/// <summary>Matches what a tag was put on.</summary>
/// <param name="name">The tag's name.</param>
/// <param name="value">Its value; null for any.</param>
public sealed class TagSelector(string name, string? value) : Selector
{
    /// <summary>The tag's name.</summary>
    public string Name => name;

    /// <summary>Its value; null for any.</summary>
    public string? Value => value;

    /// <inheritdoc/>
    public override string ToString() => value is null ? $"tag '{name}' is set" : $"tag '{name}' is set to '{value}'";
}

/// <summary>Matches clients that are in a list for a time.</summary>
/// <param name="addresses">The list, which goes on changing.</param>
public sealed class TimedAddressSelector(TimedAddresses addresses) : Selector
{
    /// <summary>The list.</summary>
    public TimedAddresses Addresses => addresses;

    /// <inheritdoc/>
    public override string ToString() => $"Src: {addresses.Count} ips";
}

/// <summary>Matches while a pool has a server that is up and below its limits.</summary>
/// <param name="pool">The pool's name.</param>
public sealed class PoolAvailableSelector(string pool) : Selector
{
    /// <summary>The pool's name.</summary>
    public string Pool => pool;

    /// <inheritdoc/>
    public override string ToString() => $"pool '{pool}' is available";
}

/// <summary>Matches while more queries than a number wait for answers of a pool.</summary>
/// <param name="pool">The pool's name.</param>
/// <param name="limit">The number, over all shards.</param>
public sealed class PoolOutstandingSelector(string pool, long limit) : Selector
{
    /// <summary>The pool's name.</summary>
    public string Pool => pool;

    /// <summary>The number.</summary>
    public long Limit => limit;

    /// <inheritdoc/>
    public override string ToString() => $"pool '{pool}' outstanding > {limit}";
}
