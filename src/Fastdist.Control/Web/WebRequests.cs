using System;
using System.Net;
using System.Threading.Tasks;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Logging;

namespace Fastdist.Control.Web;

/// <summary>From a request to its response: method, credentials, path.</summary>
/// <param name="source">What there is to show.</param>
/// <param name="access">Who may see it.</param>
/// <param name="counters">What is counted.</param>
/// <param name="log">Told of what is refused and of what fails.</param>
internal sealed class WebRequests(WebSource source, WebAccess access, WebCounters counters, ILogger log) : IHttpApplication<HttpContext>
{
    /// <inheritdoc/>
    public HttpContext CreateContext(IFeatureCollection contextFeatures) => new DefaultHttpContext(contextFeatures);

    /// <inheritdoc/>
    public void DisposeContext(HttpContext context, Exception? exception)
    {
        // It owns nothing.
    }

    /// <inheritdoc/>
    public async Task ProcessRequestAsync(HttpContext context)
    {
        counters.CountRequest();
        try
        {
            await JudgeAsync(context);
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            // Who asked is gone.
        }
        catch (Exception exception)
        {
            counters.CountError();
            log.WebRequestFailed(context.Request.Path.Value ?? "", exception);
            await FailAsync(context);
        }
    }

    private async Task JudgeAsync(HttpContext context)
    {
        HttpResponse response = context.Response;
        AddCommonHeaders(context);
        if (HttpMethods.IsOptions(context.Request.Method) && access.Rules.AllowsCrossOrigin)
        {
            CrossOrigin.AnswerPreflight(response);
            return;
        }

        string path = context.Request.Path.Value ?? "";
        if (!IsPossible(context.Request.Method, path))
        {
            response.Headers.Allow = path == WebRules.Cache ? "DELETE" : "GET, HEAD";
            await RefuseAsync(response, StatusCodes.Status405MethodNotAllowed, path == WebRules.Cache ? "only DELETE is possible\n" : "only GET and HEAD are possible\n");
            return;
        }

        IPAddress client = context.Connection.RemoteIpAddress ?? IPAddress.None;
        switch (await access.CheckAsync(context.Request.Headers, path, client))
        {
            case Access.Granted:
                await AnswerAsync(context, path);
                break;
            case Access.TooManyWrong:
                counters.CountTooManyAttempts();
                log.WebTooManyAttempts(client);
                await RefuseForNowAsync(response, "too many wrong passwords or keys; one a second is looked at\n");
                break;
            case Access.Busy:
                await RefuseForNowAsync(response, "busy with the passwords or keys of others\n");
                break;
            case Access.Wrong:
                counters.CountWrongSecret();
                log.WebWrongSecret(client);
                await DenyAsync(response);
                break;
            default:
                await DenyAsync(response);
                break;
        }
    }

    private static bool IsPossible(string method, string path) => path == WebRules.Cache ? HttpMethods.IsDelete(method) : HttpMethods.IsGet(method) || HttpMethods.IsHead(method);

    private Task AnswerAsync(HttpContext context, string path) => path switch
    {
        WebRules.Metrics => MetricsPage.AnswerAsync(context, source),
        WebRules.Statistics => StatisticsJson.AnswerCommandAsync(context, source),
        WebRules.Overview => OverviewJson.AnswerAsync(context, source),
        WebRules.Overview + "/statistics" => StatisticsJson.AnswerListAsync(context, source),
        WebRules.Cache => CacheJson.AnswerAsync(context, source),
        WebRules.Overview + "/pool" => PoolJson.AnswerAsync(context, source),
        "/live.json" => LiveJson.AnswerAsync(context, source),
        _ => PageFiles.AnswerAsync(context, path) ?? RefuseAsync(context.Response, StatusCodes.Status404NotFound, "nothing here\n"),
    };

    private static Task DenyAsync(HttpResponse response)
    {
        // Who has no secret is not to hold one of the few connections.
        response.Headers.Connection = "close";
        response.Headers.WWWAuthenticate = "Basic realm=\"fastdist\", charset=\"UTF-8\"";
        return RefuseAsync(response, StatusCodes.Status401Unauthorized, "a password or an API key is needed\n");
    }

    /// <summary>Says that it failed, or breaks the response off when that is under way.</summary>
    private Task FailAsync(HttpContext context)
    {
        if (context.Response.HasStarted)
        {
            context.Abort();
            return Task.CompletedTask;
        }

        context.Response.Headers.Clear();
        AddCommonHeaders(context);
        return RefuseAsync(context.Response, StatusCodes.Status500InternalServerError, "this request failed; the log says why\n");
    }

    private void AddCommonHeaders(HttpContext context)
    {
        WebRules rules = access.Rules;
        rules.Headers.Add(context.Response.Headers);
        if (rules.AllowsCrossOrigin)
        {
            CrossOrigin.Allow(context);
        }
    }

    private static Task RefuseForNowAsync(HttpResponse response, string text)
    {
        response.Headers.RetryAfter = "1";
        response.Headers.Connection = "close";
        return RefuseAsync(response, StatusCodes.Status429TooManyRequests, text);
    }

    private static Task RefuseAsync(HttpResponse response, int status, string text)
    {
        response.StatusCode = status;
        response.ContentType = "text/plain; charset=utf-8";
        return response.WriteAsync(text);
    }
}
