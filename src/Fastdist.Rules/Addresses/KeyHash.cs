using System;

namespace Fastdist.Rules.Addresses;

/// <summary>A hash of addresses, another one in each process: outsiders cannot choose addresses that all go to one place of a table.</summary>
internal static class KeyHash
{
    private static readonly ulong s_first = Secret();
    private static readonly ulong s_second = Secret();
    private static readonly ulong s_third = Secret() | 1;

    /// <summary>All 64 bits are of use, each half on its own too.</summary>
    public static ulong Of(AddressKey key) => Mix(Mix(key.High ^ s_first, key.Low ^ s_second) ^ key.High, s_third);

    private static ulong Secret() => (ulong)Random.Shared.NextInt64(long.MinValue, long.MaxValue);

    private static ulong Mix(ulong a, ulong b)
    {
        ulong high = Math.BigMul(a, b, out ulong low);
        return high ^ low;
    }
}
