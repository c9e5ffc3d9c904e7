using System.Collections.Frozen;
using System.Collections.Generic;
using System.IO;
using System.Threading.Tasks;
using Microsoft.AspNetCore.Http;

namespace Fastdist.Control.Web;

/// <summary>The dashboard's files, which are inside the binary.</summary>
internal static class PageFiles
{
    private static readonly FrozenDictionary<string, (string Type, byte[] Content)> s_files = new Dictionary<string, (string, byte[])>
    {
        ["/"] = ("text/html; charset=utf-8", Read("index.html")),
        ["/dashboard.css"] = ("text/css; charset=utf-8", Read("dashboard.css")),
        ["/dashboard.js"] = ("text/javascript; charset=utf-8", Read("dashboard.js")),
        ["/model.js"] = ("text/javascript; charset=utf-8", Read("model.js")),
        ["/icon.svg"] = ("image/svg+xml", Read("icon.svg")),
    }.ToFrozenDictionary();

    /// <summary>Sends the file of a path.</summary>
    /// <returns>Null when there is none.</returns>
    public static Task? AnswerAsync(HttpContext context, string path)
    {
        if (!s_files.TryGetValue(path, out (string Type, byte[] Content) file))
        {
            return null;
        }

        context.Response.ContentType = file.Type;
        context.Response.ContentLength = file.Content.Length;
        return context.Response.Body.WriteAsync(file.Content, 0, file.Content.Length);
    }

    private static byte[] Read(string name)
    {
        using Stream resource = typeof(PageFiles).Assembly.GetManifestResourceStream(name) ?? throw new FileNotFoundException(name);
        using var content = new MemoryStream();
        resource.CopyTo(content);
        return content.ToArray();
    }
}
