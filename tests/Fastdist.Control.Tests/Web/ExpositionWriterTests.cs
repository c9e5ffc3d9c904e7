using System;
using System.Buffers;
using System.Text;
using Fastdist.Control.Web;
using Xunit;

namespace Fastdist.Control.Tests.Web;

[Trait("Stage", "5")]
public sealed class ExpositionWriterTests
{
    [Theory]
    [InlineData(false, "# HELP a_total Help.\n# TYPE a_total counter\na_total 1\n")]
    [InlineData(true, "# HELP a Help.\n# TYPE a counter\na_total 1\n# EOF\n")]
    public void A_counter_ends_in_total(bool isOpenMetrics, string expected) => Assert.Equal(expected, Write(isOpenMetrics, writer =>
    {
        writer.Family("a", MetricKind.Counter, "Help.");
        writer.Sample([], 1);
    }));

    [Theory]
    [InlineData(false, "# HELP a Help.\n# TYPE a counter\na 1\n")]
    [InlineData(true, "# HELP a Help.\n# TYPE a unknown\na 1\n# EOF\n")]
    public void A_counter_with_a_name_of_its_own_keeps_it(bool isOpenMetrics, string expected) => Assert.Equal(expected, Write(isOpenMetrics, writer =>
    {
        writer.Family("a", MetricKind.NamedCounter, "Help.");
        writer.Sample([], 1);
    }));

    [Theory]
    [InlineData(false, "2")]
    [InlineData(true, "2.0")]
    public void A_histogram_has_its_buckets_its_sum_and_its_count(bool isOpenMetrics, string two) => Assert.Contains(
        $"a_bucket{{x=\"y\",le=\"0.000128\"}} 1\na_bucket{{x=\"y\",le=\"{two}\"}} 3\na_bucket{{x=\"y\",le=\"+Inf\"}} 4\na_sum{{x=\"y\"}} 7.5\na_count{{x=\"y\"}} 4\n",
        Write(isOpenMetrics, writer =>
        {
            writer.Family("a", MetricKind.Histogram, "Help.");
            writer.Histogram([("x", "y")], [0.000128, 2], [1, 3, 4], 7.5);
        }),
        StringComparison.Ordinal);

    [Fact]
    public void What_would_end_a_label_early_is_escaped() => Assert.Contains(
        "a{x=\"back\\\\slash \\\"quote\\\" line\\nend é\",y=\"\"} 0.5\n",
        Write(false, writer =>
        {
            writer.Family("a", MetricKind.Gauge, "Help.");
            writer.Sample([("x", "back\\slash \"quote\" line\nend é"), ("y", "")], 0.5);
        }),
        StringComparison.Ordinal);

    [Theory]
    [InlineData("", false)]
    [InlineData("*/*", false)]
    [InlineData("text/plain;version=0.0.4", false)]
    [InlineData("application/openmetrics-text", true)]
    [InlineData("application/openmetrics-text;version=1.0.0;q=0.5,text/plain;q=0.5", true)]
    [InlineData("application/openmetrics-text;version=1.0.0;q=0.4,text/plain;q=0.5", false)]
    [InlineData("application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.6,text/plain;version=1.0.0;q=0.4,*/*;q=0.2", true)]
    [InlineData("application/openmetrics-text;q=0", false)]
    [InlineData(";;,", false)]
    public void Accept_decides_about_the_form(string accept, bool isOpenMetrics) => Assert.Equal(isOpenMetrics, MetricsPage.PrefersOpenMetrics(accept));

    private static string Write(bool isOpenMetrics, Action<ExpositionWriter> write)
    {
        var buffer = new ArrayBufferWriter<byte>();
        var writer = new ExpositionWriter(buffer, isOpenMetrics);
        write(writer);
        writer.End();
        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }
}
