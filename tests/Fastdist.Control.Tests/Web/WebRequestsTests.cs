using System;
using System.IO;
using System.Net;
using System.Text;
using System.Threading.Tasks;
using Fastdist.Control.Tests.Consoles;
using Fastdist.Control.Web;
using Microsoft.AspNetCore.Http;
using Xunit;

namespace Fastdist.Control.Tests.Web;

[Trait("Stage", "5")]
public sealed class WebRequestsTests : IDisposable
{
    private readonly WebAccess _access = new(PasswordHash.Parse("password"), null, new ManualClock());

    [Fact]
    public async Task Who_was_wrong_too_often_is_told_so_and_that_a_second_helps()
    {
        for (int i = 0; i < FailedAttempts.MostFailures; i++)
        {
            HttpResponse denied = await AskAsync("wrong");
            Assert.Equal(StatusCodes.Status401Unauthorized, denied.StatusCode);
            Assert.Equal("close", denied.Headers.Connection);
        }

        HttpResponse refused = await AskAsync("password");

        Assert.Equal(StatusCodes.Status429TooManyRequests, refused.StatusCode);
        Assert.Equal("1", refused.Headers.RetryAfter);
        Assert.Equal("close", refused.Headers.Connection);
        Assert.Equal("too many wrong passwords or keys; one a second is looked at\n", TextOf(refused));
    }

    public void Dispose() => _access.Dispose();

    /// <summary>Asks for what is not there, so that nothing of the source is needed.</summary>
    private async Task<HttpResponse> AskAsync(string password)
    {
        var context = new DefaultHttpContext();
        (context.Request.Method, context.Request.Path) = ("GET", "/nothing");
        context.Request.Headers.Authorization = $"Basic {Convert.ToBase64String(Encoding.UTF8.GetBytes($"operator:{password}"))}";
        context.Connection.RemoteIpAddress = IPAddress.Loopback;
        context.Response.Body = new MemoryStream();
        await new WebRequests(null!, _access).ProcessRequestAsync(context);
        return context.Response;
    }

    private static string TextOf(HttpResponse response) => Encoding.UTF8.GetString(((MemoryStream)response.Body).ToArray());
}
