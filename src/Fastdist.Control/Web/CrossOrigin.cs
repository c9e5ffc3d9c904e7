using System.Text;
using Microsoft.AspNetCore.Http;

namespace Fastdist.Control.Web;

/// <summary>
/// Lets scripts of other sites' pages ask (CORS), by the reference's rules: of any site, with the key or the password in a header
/// field, and what tools read also with what the browser remembers.
/// </summary>
internal static class CrossOrigin
{
    /// <summary>Tells a browser that the script may have the response.</summary>
    public static void Allow(HttpContext context)
    {
        if (context.Request.Headers.Origin is not [{ Length: > 0 } origin] || !Ascii.IsValid(origin))
        {
            return;
        }

        IHeaderDictionary headers = context.Response.Headers;
        headers.AccessControlAllowOrigin = origin;
        headers.Vary = "Origin";
        if (WebRules.IsForTools(context.Request.Path.Value ?? ""))
        {
            headers.AccessControlAllowCredentials = "true";
        }
    }

    /// <summary>Answers the question whether a request that is to follow may be made, which shows no secret yet.</summary>
    public static void AnswerPreflight(HttpResponse response)
    {
        response.StatusCode = StatusCodes.Status204NoContent;
        response.Headers.AccessControlAllowMethods = "GET, HEAD";
        response.Headers.AccessControlAllowHeaders = "Authorization, X-API-Key";
    }
}
