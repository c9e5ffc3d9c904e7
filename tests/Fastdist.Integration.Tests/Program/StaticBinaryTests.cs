using System.Linq;
using Fastdist.Integration.Tests.Harness;
using Xunit;

namespace Fastdist.Integration.Tests.Program;

[Trait("Stage", "1")]
public sealed class StaticBinaryTests
{
    private readonly ElfFile _binary = new(Repository.Fastdist);

    [Fact]
    public void The_binary_is_position_independent()
    {
        Assert.Equal(ElfFile.SharedObject, _binary.Type);
        long flags = _binary.DynamicEntries.FirstOrDefault(entry => entry.Tag == ElfFile.Flags1).Value;
        Assert.True((flags & ElfFile.Pie) != 0, "DF_1_PIE is not set");
    }

    [Fact]
    public void The_binary_names_no_interpreter() =>
        Assert.DoesNotContain(_binary.Segments, segment => segment.Type == ElfFile.Interpreter);

    [Fact]
    public void The_binary_needs_no_shared_library() =>
        Assert.DoesNotContain(_binary.DynamicEntries, entry => entry.Tag == ElfFile.Needed);
}
