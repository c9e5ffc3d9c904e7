using System;
using System.Collections.Generic;

namespace Fastdist.Settings.Tables;

/// <summary>Finds the name that somebody who wrote another one probably meant.</summary>
public static class Nearest
{
    /// <summary>The end of a message about an unknown name.</summary>
    /// <param name="name">What was written.</param>
    /// <param name="known">What could have been meant.</param>
    /// <returns><c>; did you mean 'x'?</c>, or nothing when none is near.</returns>
    public static string Suggest(string name, IEnumerable<string> known)
    {
        // A third of the letters may be wrong; of a very long name that nobody has, none is near.
        const int Longest = 64;
        int nearestDistance = Math.Max(name.Length / 3, 1) + 1;
        string? nearest = null;
        foreach (string candidate in name.Length > Longest ? [] : known)
        {
            int distance = Distance(name.ToUpperInvariant(), candidate.ToUpperInvariant());
            if (distance < nearestDistance)
            {
                (nearest, nearestDistance) = (candidate, distance);
            }
        }

        return nearest is null ? "" : $"; did you mean '{nearest}'?";
    }

    /// <summary>As <see cref="Suggest"/>, for names that are often cut short: one that begins so is meant before one that is only near.</summary>
    public static string SuggestBeginning(string name, IEnumerable<string> known)
    {
        string[] names = [.. known];
        string? begun = Array.Find(names, candidate => candidate.Equals(name, StringComparison.OrdinalIgnoreCase))
            ?? Array.Find(names, candidate => candidate.StartsWith(name, StringComparison.OrdinalIgnoreCase));
        return begun is null ? Suggest(name, names) : $"; did you mean '{begun}'?";
    }

    /// <summary>Letters to insert, leave out or replace (Levenshtein).</summary>
    private static int Distance(string one, string other)
    {
        int[] row = new int[other.Length + 1];
        for (int j = 0; j < row.Length; j++)
        {
            row[j] = j;
        }

        for (int i = 1; i <= one.Length; i++)
        {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j < row.Length; j++)
            {
                int replaced = diagonal + (one[i - 1] == other[j - 1] ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.Min(replaced, Math.Min(row[j], row[j - 1]) + 1);
            }
        }

        return row[^1];
    }
}
