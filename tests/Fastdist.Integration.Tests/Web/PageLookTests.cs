using System;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Text.Json;
using System.Threading.Tasks;
using Xunit;

namespace Fastdist.Integration.Tests.Web;

/// <summary>How the page looks, and what it asks for.</summary>
[Trait("Stage", "5")]
public sealed class PageLookTests(OpenedPage opened) : IClassFixture<OpenedPage>
{
    [Theory]
    [InlineData("light", 1280)]
    [InlineData("dark", 1280)]
    [InlineData("light", 1024)]
    [InlineData("light", 768)]
    [InlineData("light", 375)]
    [InlineData("dark", 375)]
    public async Task It_fits_the_screen_in_light_and_dark(string scheme, int width)
    {
        string screenshots = Environment.GetEnvironmentVariable("FASTDIST_SCREENSHOTS") ?? opened.Lab.Scratch.Folder;

        JsonElement shown = await opened.Browser.DoAsync($"show {scheme} {width} {Path.Combine(screenshots, $"{scheme}-{width}.png")}");

        Assert.InRange(shown.GetProperty("scrollWidth").GetInt32(), 1, width);
        Assert.Empty(shown.GetProperty("clipped").EnumerateArray().Select(text => text.GetString()));
        int[] background = [.. shown.GetProperty("background").GetString()!.Split('(', ',', ')').Skip(1).Take(3).Select(part => int.Parse(part, CultureInfo.InvariantCulture))];
        Assert.True(scheme == "dark" ? background.All(part => part < 64) : background.All(part => part > 192), $"{scheme}: {string.Join(' ', background)}");
    }

    [Fact]
    public async Task It_asks_nobody_else_and_complains_of_nothing()
    {
        await opened.Browser.DoAsync("read");

        JsonElement noise = await opened.Browser.DoAsync("noise");

        Assert.Empty(noise.GetProperty("complaints").EnumerateArray().Select(complaint => complaint.GetString()));
        Assert.All(noise.GetProperty("requests").EnumerateArray(), url => Assert.StartsWith($"http://{opened.Traffic.Site.Address}/", url.GetString(), StringComparison.Ordinal));
    }
}
