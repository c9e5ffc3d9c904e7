namespace Fastdist.Cache;

/// <summary>By which terms an answer is kept.</summary>
public struct KeepTerms
{
    /// <summary>The answer is for who was asked about, and says of no others: <see cref="Scope"/>.</summary>
    public const int Unsaid = -1;

    /// <summary>The answer speaks of another network than was told, and is not kept: <see cref="Scope"/>.</summary>
    public const int Unsound = -2;

    /// <summary>The time, seconds of the cache's clock.</summary>
    public uint Now;

    /// <summary>SCOPE PREFIX-LENGTH of the answer, bits, or one of the above.</summary>
    public int Scope;

    /// <inheritdoc cref="LookTerms.IsOptOurs"/>
    public bool IsOptOurs;

    /// <summary>Seconds that a failure is kept; <see cref="uint.MaxValue"/> for as long as the cache's settings say.</summary>
    public uint FailureTtl;

    /// <summary>Seconds beyond its end that an answer may be given; 0 for none.</summary>
    public uint StaleFor;
}
