using System.Threading.Tasks;
using Fastdist.Integration.Tests.Harness;
using Xunit;

namespace Fastdist.Integration.Tests.Web;

/// <summary>The page in a browser, showing known counts, for tests that only look.</summary>
public sealed class OpenedPage : IAsyncLifetime
{
    private Traffic? _traffic;
    private Browser? _browser;

    internal Lab Lab { get; } = new();

    internal Traffic Traffic => _traffic!;

    internal Browser Browser => _browser!;

    public async ValueTask InitializeAsync()
    {
        _traffic = await Traffic.StartAsync(Lab);
        _browser = await Browser.OpenAsync(Lab, Traffic.Site);
        await Traffic.SendAsync(Lab);
    }

    public ValueTask DisposeAsync() => Lab.DisposeAsync();
}
