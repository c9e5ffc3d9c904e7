using System;
using System.IO;
using System.Text.Json;
using System.Threading.Tasks;

namespace Fastdist.Integration.Tests.Harness;

/// <summary>Chromium with the web page open, driven by tests/browser/page.mjs.</summary>
internal sealed class Browser : IAsyncDisposable
{
    private readonly ChildProcess _script;

    private Browser(Site site) => _script = new ChildProcess(
        ["node", Path.Combine(Repository.Root, "tests", "browser", "page.mjs"), $"http://{site.Address}/", Site.Password], keepInput: true);

    /// <summary>Opens the page and waits until it shows live numbers.</summary>
    public static async Task<Browser> OpenAsync(Lab lab, Site site)
    {
        Browser browser = lab.Keep(new Browser(site));
        await browser.AnswerAsync(0);
        return browser;
    }

    /// <summary>Has the script do something and gives what it says of it.</summary>
    public async Task<JsonElement> DoAsync(string command)
    {
        int from = _script.Output.Count;
        await _script.TypeAsync(command);
        return await AnswerAsync(from);
    }

    public ValueTask DisposeAsync() => _script.DisposeAsync();

    private async Task<JsonElement> AnswerAsync(int from)
    {
        try
        {
            return JsonDocument.Parse(await _script.Output.FirstAsync(_ => true, "of the browser's script", from)).RootElement;
        }
        catch (Exception e) when (e is TimeoutException or InvalidOperationException)
        {
            throw new InvalidOperationException($"the browser's script says nothing; {e.Message}:\n{_script.Log}", e);
        }
    }
}
