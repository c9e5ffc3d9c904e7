using System;
using System.Linq;
using Fastdist.Control.Configuration.Dnsdist;
using Xunit;

namespace Fastdist.Tests;

public class MigrationTests
{
    [Fact]
    public void The_migration_document_holds_the_tables_word_for_word() =>
        HeldText.Check("docs/migrating-from-dnsdist.md", "names", "--migration-reference", MigrationTables.Write);

    [Fact]
    public void Every_row_of_its_tables_has_three_cells() =>
        Assert.All(HeldText.Print(MigrationTables.Write).Split('\n').Where(line => line.StartsWith('|')), line => Assert.Equal(4, line.Count(c => c == '|')));

    [Theory]
    [InlineData("`setMaxTCPClientThreads`, `setMaxTCPQueuedConnections`")]
    [InlineData("`newServer`: `dohPath=`, `addXForwardedHeaders=`")]
    [InlineData("`name`, `nameset`: `:toString`")]
    public void Names_of_the_same_things_are_told_together(string text) => Assert.Contains(text, HeldText.Print(MigrationTables.Write), StringComparison.Ordinal);
}
