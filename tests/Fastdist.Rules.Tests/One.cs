using CsCheck;

namespace Fastdist.Rules.Tests;

/// <summary>Values that a test draws from.</summary>
internal static class One
{
    /// <summary>Any of them.</summary>
    public static Gen<T> Of<T>(params T[] values) => Gen.Int[0, values.Length - 1].Select(i => values[i]);
}
