using System;
using System.Text.Json;
using System.Threading.Tasks;
using Fastdist.Proxy.Views;
using Microsoft.AspNetCore.Http;

namespace Fastdist.Control.Web;

/// <summary>The process's statistics in the reference's two forms.</summary>
internal static class StatisticsJson
{
    /// <summary>Keys of the recursor's page that the reference kept for readers of both; it, too, always sends 0.</summary>
    private static readonly string[] s_recursorKeys = ["packetcache-hits", "packetcache-misses", "over-capacity-drops", "too-old-drops"];

    /// <summary>/jsonstat?command=stats: one object. The list of what a kernel's filter blocks is empty here, as there is none.</summary>
    public static Task AnswerCommandAsync(HttpContext context, WebSource source)
    {
        string command = context.Request.Query["command"].ToString();
        if (command is not ("stats" or "dynblocklist" or "ebpfblocklist"))
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            return JsonAnswer.SendAsync(context, json =>
            {
                json.WriteStartObject();
                json.WriteEndObject();
            });
        }

        return JsonAnswer.SendAsync(context, json =>
        {
            json.WriteStartObject();
            if (command == "stats")
            {
                Array.ForEach(s_recursorKeys, key => json.WriteNumber(key, 0));
                WriteMembers(json, source);
                json.WriteString("server-policy", source.Policy);
            }
            else if (command == "dynblocklist")
            {
                BlocksJson.WriteMembers(json, source.Blocks);
            }

            json.WriteEndObject();
        });
    }

    /// <summary>/api/v1/servers/localhost/statistics: a list of items.</summary>
    public static Task AnswerListAsync(HttpContext context, WebSource source) => JsonAnswer.SendAsync(context, json =>
    {
        json.WriteStartArray();
        foreach (Statistic statistic in source.Statistics())
        {
            json.WriteStartObject();
            json.WriteString("name", statistic.Name);
            json.WriteString("type", "StatisticItem");
            json.WriteNumber("value", statistic.Value);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    });

    /// <summary>Each statistic as a member.</summary>
    public static void WriteMembers(Utf8JsonWriter json, WebSource source)
    {
        foreach (Statistic statistic in source.Statistics())
        {
            json.WriteNumber(statistic.Name, statistic.Value);
        }
    }
}
