using Xunit;

namespace Fastdist.Architecture.Tests;

/// <summary>An arrow is found however it is written.</summary>
public class ArrowTests
{
    private const string Below = "src/Fastdist.Proxy/Backends/Below.cs";

    private static readonly SourceFile s_shards = new("src/Fastdist.Proxy/Shards/Shard.cs", "namespace Fastdist.Proxy.Shards;\n\ninternal sealed class Shard\n{\n}\n");
    private static readonly SourceFile s_views = new("src/Fastdist.Proxy/Views/View.cs", "namespace Fastdist.Proxy.Views;\n\npublic readonly record struct View(int Id);\n");
    private static readonly SourceFile s_root = new(
        "src/Fastdist.Proxy/Log.cs", "namespace Fastdist.Proxy;\n\ninternal static partial class Log\n{\n    public static partial void Said(this object log, int what);\n}\n");

    [Theory]
    [InlineData("using Fastdist.Proxy.Shards;\n\nnamespace Fastdist.Proxy.Backends;\n", 1, "Fastdist.Proxy.Shards", "using Fastdist.Proxy.Shards")]
    [InlineData("using System;\nusing static Fastdist.Proxy.Shards.Shard;\n\nnamespace Fastdist.Proxy.Backends;\n", 2, "Fastdist.Proxy.Shards", "using Fastdist.Proxy.Shards.Shard")]
    [InlineData("using Other = Fastdist.Proxy.Shards.Shard;\n\nnamespace Fastdist.Proxy.Backends;\n", 1, "Fastdist.Proxy.Shards", "using Fastdist.Proxy.Shards.Shard")]
    [InlineData("namespace Fastdist.Proxy.Backends;\n\ninternal sealed class Below(Shards.Shard shard);\n", 3, "Fastdist.Proxy.Shards", "Shards.Shard")]
    [InlineData("namespace Fastdist.Proxy.Backends;\n\ninternal sealed class Below(Fastdist.Proxy.Shards.Shard shard);\n", 3, "Fastdist.Proxy.Shards", "Fastdist.Proxy.Shards.Shard")]
    [InlineData("namespace Fastdist.Proxy.Backends;\n\ninternal sealed class Below(View view);\n", 3, "Fastdist.Proxy.Views", "View")]
    [InlineData("namespace Fastdist.Proxy.Backends;\n\ninternal sealed class Below\n{\n    object _log = Log.None;\n}\n", 5, "Fastdist.Proxy", "Log")]
    [InlineData("namespace Fastdist.Proxy.Backends;\n\ninternal sealed class Below\n{\n    void Say(object log) => log.Said(1);\n}\n", 5, "Fastdist.Proxy", "Said")]
    public void A_room_that_is_used_is_found(string text, int line, string room, string by)
    {
        Arrow arrow = Assert.Single(Find(text), a => a.File == Below);
        Assert.Equal((line, room, by), (arrow.Line, arrow.To.Name, arrow.By));
        Assert.StartsWith($"{Below}:{line}: '{by}' is an arrow from Fastdist.Proxy.Backends to {room}, and Fastdist.Proxy.Backends may use only ", $"{arrow}");
    }

    [Theory]
    [InlineData("using Fastdist.Ring;\nusing SocketAddress = Fastdist.Ring.SocketAddress;\n\nnamespace Fastdist.Proxy.Backends;\n")]
    [InlineData("namespace Fastdist.Proxy.Backends;\n\n/// <summary>A <see cref=\"Shards.Shard\"/> and its Log.</summary>\ninternal sealed class Below;\n")]
    [InlineData("namespace Fastdist.Proxy.Backends;\n\ninternal sealed class Below\n{\n    string _text = \"Shards.Shard \\\" Log\" + @\"\\\" + \"\"\"Log \" View\"\"\" + 'L';\n}\n")]
    [InlineData("namespace Fastdist.Proxy.Backends;\n\ninternal sealed class Below(Shard shard);\n")]
    [InlineData("namespace Fastdist.Proxy.Backends;\n\ninternal sealed class Below(Settings settings)\n{\n    int _log = settings.Log.View;\n}\n")]
    [InlineData("namespace Fastdist.Proxy.Backends;\n\ninternal sealed class View;\n\ninternal sealed class Below(View view);\n")]
    public void What_is_no_arrow_is_none(string text) => Assert.Empty(Find(text));

    private static Arrow[] Find(string text) => [.. new Arrows([new SourceFile(Below, text), s_shards, s_views, s_root], ["Fastdist.Proxy.Views"]).All()];
}
