using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;

namespace Fastdist.LoadComparison.Report;

/// <summary>The median of the rounds with their least and greatest.</summary>
internal readonly record struct Spread(double Median, double Least, double Greatest)
{
    /// <summary>Null when no run had the figure.</summary>
    public static Spread? Of(IEnumerable<double?> figures)
    {
        var sorted = figures.OfType<double>().Order().ToArray();
        return sorted.Length == 0
            ? null
            : new Spread((sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2, sorted[0], sorted[^1]);
    }

    public static Spread? Of<TSample>(IEnumerable<TSample> samples, Func<TSample, double> figure) =>
        Of(samples.Select(sample => (double?)figure(sample)));

    /// <summary>How many times the one median is the other; empty when either is missing.</summary>
    public static string Ratio(Spread? own, Spread? floor) =>
        own is { } dividend && floor is { } divisor ? Number(dividend.Median / divisor.Median, "f2") : "";

    public string Whole(string format) =>
        string.Create(CultureInfo.InvariantCulture, $"{Number(Median, format)} ({Number(Least, format)}–{Number(Greatest, format)})");

    public string Middle(string format) => Number(Median, format);

    private static string Number(double value, string format) => value.ToString(format, CultureInfo.InvariantCulture);
}
