using System;
using System.Diagnostics;
using System.IO;
using Fastdist.Shared;
using Xunit;

namespace Fastdist.Tls.Tests;

public class AllocationTests
{
    private const int Messages = 10_000;

    /// <summary>OpenSSL 3.0 allocates while it seals and opens a record: 4 times a message with TLS 1.3, 2 with 1.2 (measured).</summary>
    private const double Most = 6;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_message_sealed_and_opened_allocates_no_managed_memory(bool tls12)
    {
        using var pair = new Pair(tls12: tls12);
        Assert.True(pair.Handshake());
        Allocations.AssertNone(() => MessageLoop.Run(pair, Messages));
    }

    [Fact]
    public void What_OpenSSL_allocates_for_a_message_is_counted()
    {
        // Its allocator can be replaced only before its first allocation, so a fresh process counts.
        var start = new ProcessStartInfo(Environment.ProcessPath!) { RedirectStandardOutput = true };
        if (Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet")
        {
            start.ArgumentList.Add(typeof(AllocationTests).Assembly.Location);
        }

        start.Environment[AllocationCounter.Variable] = "1";
        using Process child = Process.Start(start)!;
        string report = child.StandardOutput.ReadToEnd();
        child.WaitForExit();
        TestContext.Current.TestOutputHelper?.WriteLine(report);
        Assert.Equal(0, child.ExitCode);
        Assert.Equal(2, report.Split(AllocationCounter.Mark).Length - 1);
        foreach (string line in report.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            string count = line.Split(AllocationCounter.Mark)[1];
            Assert.InRange(double.Parse(count), 0, Most);
        }
    }
}
