using System;
using System.Buffers;
using System.Buffers.Text;
using System.Globalization;
using System.Text;
using Fastdist.Proxy.Counters;

namespace Fastdist.Control.Web;

/// <summary>What a family of metrics is.</summary>
internal enum MetricKind
{
    /// <summary>Only grows; its samples are called NAME_total.</summary>
    Counter,

    /// <summary>Only grows, but is called what dnsdist calls it, without <c>_total</c>.</summary>
    NamedCounter,

    /// <summary>Goes up and down.</summary>
    Gauge,

    /// <summary>Cumulative buckets, sum and count.</summary>
    Histogram,
}

/// <summary>
/// Writes Prometheus text 0.0.4 or OpenMetrics 1.0. A counter of OpenMetrics must end in <c>_total</c>; those that dnsdist
/// calls otherwise are of type unknown there, so that dashboards find one name whatever a scraper negotiates.
/// </summary>
/// <param name="output">Where it goes.</param>
/// <param name="isOpenMetrics">Which of the two.</param>
internal sealed class ExpositionWriter(IBufferWriter<byte> output, bool isOpenMetrics)
{
    private const int LongestNumber = 32;

    private string _sampleName = "";

    /// <summary>Begins a family; its samples follow, and no other's among them.</summary>
    /// <param name="name">Without <c>_total</c>.</param>
    /// <param name="kind">What it is.</param>
    /// <param name="help">One line.</param>
    public void Family(string name, MetricKind kind, string help)
    {
        _sampleName = kind == MetricKind.Counter ? name + "_total" : name;
        string family = isOpenMetrics ? name : _sampleName;
        Write("# HELP ");
        Write(family);
        Write(" ");
        WriteEscaped(help, quotes: isOpenMetrics);
        Write("\n# TYPE ");
        Write(family);
        Write(kind switch
        {
            MetricKind.NamedCounter when isOpenMetrics => " unknown\n",
            MetricKind.Counter or MetricKind.NamedCounter => " counter\n",
            MetricKind.Gauge => " gauge\n",
            _ => " histogram\n",
        });
    }

    /// <summary>Writes a sample of the family.</summary>
    public void Sample(ReadOnlySpan<(string Name, string Value)> labels, long value)
    {
        Begin("", labels);
        WriteNumber(value);
        Write("\n");
    }

    /// <inheritdoc cref="Sample(ReadOnlySpan{ValueTuple{string, string}}, long)"/>
    public void Sample(ReadOnlySpan<(string Name, string Value)> labels, double value)
    {
        Begin("", labels);
        WriteNumber(value);
        Write("\n");
    }

    /// <summary>Writes a histogram of the family.</summary>
    /// <param name="labels">Its labels.</param>
    /// <param name="bounds">Ends of the buckets, ascending, without the last, which has none.</param>
    /// <param name="counts">What is at or below each bound, and then in all.</param>
    /// <param name="sum">Of all values.</param>
    public void Histogram(ReadOnlySpan<(string Name, string Value)> labels, ReadOnlySpan<double> bounds, ReadOnlySpan<long> counts, double sum)
    {
        for (int i = 0; i < counts.Length; i++)
        {
            Begin("_bucket", [.. labels, ("le", i < bounds.Length ? BoundText(bounds[i]) : "+Inf")]);
            WriteNumber(counts[i]);
            Write("\n");
        }

        Begin("_sum", labels);
        WriteNumber(sum);
        Write("\n");
        Begin("_count", labels);
        WriteNumber(counts[^1]);
        Write("\n");
    }

    /// <summary>Writes a histogram of the family from one that was counted.</summary>
    /// <param name="labels">Its labels.</param>
    /// <param name="bounds">As of <see cref="Histogram"/>.</param>
    /// <param name="last">The last value of each bucket, microseconds, and of all.</param>
    /// <param name="latency">What was counted.</param>
    /// <param name="unit">Microseconds of the unit that the bounds are in.</param>
    public void Latencies(ReadOnlySpan<(string Name, string Value)> labels, ReadOnlySpan<double> bounds, ReadOnlySpan<long> last, LatencyHistogram latency, double unit)
    {
        Span<long> counts = stackalloc long[last.Length];
        latency.CumulativeAt(last, counts);
        Histogram(labels, bounds, counts, latency.SumMicroseconds / unit);
    }

    /// <summary>Ends the exposition.</summary>
    public void End()
    {
        if (isOpenMetrics)
        {
            Write("# EOF\n");
        }
    }

    /// <summary>OpenMetrics wants a fraction in every bound, so that all write the same label for the same number.</summary>
    private string BoundText(double bound)
    {
        string text = bound.ToString("0.###############", CultureInfo.InvariantCulture);
        return isOpenMetrics && !text.Contains('.', StringComparison.Ordinal) ? text + ".0" : text;
    }

    private void Begin(string suffix, ReadOnlySpan<(string Name, string Value)> labels)
    {
        Write(_sampleName);
        Write(suffix);
        for (int i = 0; i < labels.Length; i++)
        {
            Write(i == 0 ? "{" : ",");
            Write(labels[i].Name);
            Write("=\"");
            WriteEscaped(labels[i].Value, quotes: true);
            Write("\"");
        }

        Write(labels.IsEmpty ? " " : "} ");
    }

    private void WriteNumber(long value)
    {
        Utf8Formatter.TryFormat(value, output.GetSpan(LongestNumber), out int written);
        output.Advance(written);
    }

    private void WriteNumber(double value)
    {
        value.TryFormat(output.GetSpan(LongestNumber), out int written, "R", CultureInfo.InvariantCulture);
        output.Advance(written);
    }

    private void WriteEscaped(string text, bool quotes)
    {
        ReadOnlySpan<char> special = quotes ? "\\\n\"" : "\\\n";
        ReadOnlySpan<char> rest = text;
        for (int at; (at = rest.IndexOfAny(special)) >= 0; rest = rest[(at + 1)..])
        {
            Write(rest[..at]);
            Write(rest[at] switch
            {
                '\n' => "\\n",
                '"' => "\\\"",
                _ => "\\\\",
            });
        }

        Write(rest);
    }

    private void Write(ReadOnlySpan<char> text) => Encoding.UTF8.GetBytes(text, output);
}
