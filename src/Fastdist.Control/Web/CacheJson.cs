using System.Globalization;
using System.Linq;
using System.Text;
using System.Threading.Tasks;
using Fastdist.Cache;
using Fastdist.Dns;
using Microsoft.AspNetCore.Http;

namespace Fastdist.Control.Web;

/// <summary>DELETE /api/v1/cache?pool=&amp;name=[&amp;type=][&amp;suffix=]: removes the entries about a name, with the reference's words.</summary>
internal static class CacheJson
{
    /// <summary>Does it and says so.</summary>
    public static Task AnswerAsync(HttpContext context, WebSource source)
    {
        IQueryCollection asked = context.Request.Query;
        if (asked["pool"] is not [{ } poolName] || asked["name"] is not [{ } text])
        {
            return RefuseAsync(context, StatusCodes.Status400BadRequest, "denied", "missing 'pool' or 'name' parameter");
        }

        if (!Ascii.IsValid(text) || !DomainName.TryParse(Encoding.ASCII.GetBytes(text), out DomainName? name))
        {
            return RefuseAsync(context, StatusCodes.Status404NotFound, "error", "unable to parse the requested name");
        }

        RecordType? type = null;
        if (asked["type"] is [{ Length: > 0 } typeText])
        {
            if (!TryParse(typeText, out RecordType parsed))
            {
                return RefuseAsync(context, StatusCodes.Status400BadRequest, "denied", "unable to parse the requested type");
            }

            type = parsed == RecordType.ANY ? null : parsed;
        }

        if (source.Pools.FirstOrDefault(pool => pool.Name == poolName) is not { } pool)
        {
            return RefuseAsync(context, StatusCodes.Status404NotFound, "not found", "the requested pool does not exist");
        }

        return pool.Cache is { } cache
            ? ExpungeAsync(context, cache, name, type, isSuffix: asked.ContainsKey("suffix"))
            : RefuseAsync(context, StatusCodes.Status404NotFound, "not found", "there is no cache associated to the requested pool");
    }

    /// <summary>A type by its name, as TYPE64, or as the reference also has it, #64.</summary>
    private static bool TryParse(string text, out RecordType type) => RecordTypes.TryParse(text.StartsWith('#') ? $"TYPE{text[1..]}" : text, out type);

    private static Task ExpungeAsync(HttpContext context, PacketCache cache, DomainName name, RecordType? type, bool isSuffix)
    {
        long count = cache.ExpungeByName(name, type, isSuffix);

        // A text, as the reference has it.
        return SendAsync(context, "purged", "count", count.ToString(CultureInfo.InvariantCulture));
    }

    private static Task RefuseAsync(HttpContext context, int code, string status, string error)
    {
        context.Response.StatusCode = code;
        return SendAsync(context, status, "error", error);
    }

    private static Task SendAsync(HttpContext context, string status, string key, string value) => JsonAnswer.SendAsync(context, json =>
    {
        json.WriteStartObject();
        json.WriteString("status", status);
        json.WriteString(key, value);
        json.WriteEndObject();
    });
}
