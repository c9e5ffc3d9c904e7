using System;
using System.Collections.Generic;
using Fastdist.Settings;

namespace Fastdist.Proxy.Backends;

/// <summary>
/// Which backend of the next settings is which of those there are: the one of its id; without an id, the one of its name; failing that, the first of its
/// address that no other is. Who is given an id is known by nothing else.
/// </summary>
internal static class Succession
{
    /// <summary>For one that is not there yet.</summary>
    public const int New = -1;

    /// <param name="present">Those there are, each with its id.</param>
    /// <param name="next">Those there are to be.</param>
    /// <returns>For each of the next its place among the present, or <see cref="New"/>.</returns>
    public static int[] Find(IReadOnlyList<BackendOptions> present, IReadOnlyList<BackendOptions> next)
    {
        int[] found = new int[next.Count];
        Array.Fill(found, New);
        bool[] isFound = new bool[present.Count];
        Match((one, other) => one.Id == other.Id);
        Match((one, other) => other.Id is null && one.Name == other.Name);
        Match((one, other) => other.Id is null && one.Address.Equals(other.Address));
        return found;

        void Match(Func<BackendOptions, BackendOptions, bool> isSame)
        {
            for (int i = 0; i < next.Count; i++)
            {
                for (int place = 0; place < present.Count && found[i] == New; place++)
                {
                    if (!isFound[place] && isSame(present[place], next[i]))
                    {
                        (found[i], isFound[place]) = (place, true);
                    }
                }
            }
        }
    }
}
