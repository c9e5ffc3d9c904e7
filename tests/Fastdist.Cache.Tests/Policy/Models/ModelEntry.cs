using System;
using System.Collections.Generic;

namespace Fastdist.Cache.Tests.Policy.Models;

/// <summary>An answer as a model keeps it.</summary>
internal sealed record ModelEntry(Step Step, uint Added, uint Ends, int Scope)
{
    internal const uint Longer = 1000;

    internal bool IsNegative => Step.Content is Content.NameError or Content.NoData;

    internal bool IsFailure => Step.Content is Content.Failure or Content.Refusal;

    internal bool IsLess => IsFailure || Step.Content == Content.Cut;

    /// <summary>What a client gets of it.</summary>
    internal byte[] ToClient(uint now, bool isStale, uint staleTtl)
    {
        uint age = now - Added;
        return CacheUnderTest.ToClient(isStale ? Step.Answer(staleTtl, staleTtl) : Step.Answer(Step.Ttl < age ? 0 : Step.Ttl - age, Step.Ttl + Longer - age));
    }
}

/// <summary>What a model knows of one question.</summary>
internal sealed class ModelQuestion
{
    /// <summary>The answer where no network is told.</summary>
    internal ModelEntry? Untold { get; set; }

    /// <summary>The answer for who hides his network.</summary>
    internal ModelEntry? Hidden { get; set; }

    /// <summary>The answer for all networks; there is none while there is a list.</summary>
    internal ModelEntry? ForAll { get; set; }

    /// <summary>For which networks there are answers, and when each ends; null when there is no list.</summary>
    internal Dictionary<string, uint>? List { get; set; }

    /// <summary>Prefix lengths in the list, of a family each.</summary>
    internal HashSet<(int Family, int Prefix)> Lengths { get; } = [];

    /// <summary>Answers for networks.</summary>
    internal Dictionary<string, ModelEntry> Ones { get; } = [];

    /// <summary>So many bits of a network, as text.</summary>
    internal static string NetworkOf(byte[] address, int prefix)
    {
        string bits = string.Concat(Array.ConvertAll(address, static each => Convert.ToString(each, 2).PadLeft(8, '0')));
        return $"{address.Length} {prefix} {bits[..prefix]}";
    }
}
