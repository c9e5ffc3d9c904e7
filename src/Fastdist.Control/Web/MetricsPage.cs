using System;
using System.Threading.Tasks;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace Fastdist.Control.Web;

/// <summary>/metrics: all there is to count, for Prometheus and what reads like it.</summary>
internal static class MetricsPage
{
    private const string TextType = "text/plain; version=0.0.4; charset=utf-8";
    private const string OpenMetricsType = "application/openmetrics-text; version=1.0.0; charset=utf-8";

    /// <summary>Sends it in the form the scraper likes best.</summary>
    public static async Task AnswerAsync(HttpContext context, WebSource source)
    {
        bool isOpenMetrics = PrefersOpenMetrics(context.Request.Headers.Accept.ToString());
        context.Response.ContentType = isOpenMetrics ? OpenMetricsType : TextType;
        var writer = new ExpositionWriter(context.Response.BodyWriter, isOpenMetrics);
        Write(writer, source);
        await context.Response.BodyWriter.FlushAsync(context.RequestAborted);
    }

    /// <summary>Writes every family.</summary>
    public static void Write(ExpositionWriter writer, WebSource source)
    {
        ProcessMetrics.Write(writer, source);
        FrontendMetrics.Write(writer, source.Frontends);
        BackendMetrics.Write(writer, source.Backends, source.Rates);
        PoolMetrics.Write(writer, source.Pools);
        RuleMetrics.Write(writer, source.Rules);
        BlockMetrics.Write(writer, source.Blocks);
        OwnMetrics.Write(writer, source);
        OperatorMetrics.Write(writer, source.Operators);
        writer.End();
    }

    /// <summary>Whether an Accept field (RFC 9110 section 12.5.1) prefers OpenMetrics 1.0 to plain text.</summary>
    internal static bool PrefersOpenMetrics(string accept)
    {
        double openMetrics = 0;
        double text = 0;
        if (MediaTypeHeaderValue.TryParseList([accept], out var ranges))
        {
            foreach (MediaTypeHeaderValue range in ranges)
            {
                if (range.MediaType.Equals("application/openmetrics-text", StringComparison.OrdinalIgnoreCase))
                {
                    openMetrics = Math.Max(openMetrics, range.Quality ?? 1);
                }
                else if (range.MediaType.Equals("text/plain", StringComparison.OrdinalIgnoreCase))
                {
                    text = Math.Max(text, range.Quality ?? 1);
                }
            }
        }

        return openMetrics > 0 && openMetrics >= text;
    }
}
