using System.Collections.Generic;
using System.Linq;
using System.Text;

namespace Fastdist.Integration.Tests.Harness;

/// <summary>What the authoritative servers of the tests serve as the root zone: <c>*.load.test</c> has an address, and <c>tN.test</c> has an answer of about N bytes.</summary>
internal static class RootZone
{
    /// <summary>As long as an answer can be, and some room for what servers add to it.</summary>
    public const int LargestText = 65_000;

    private static readonly int[] s_textSizes = [600, 1_500, 4_000, 16_000, 60_000, LargestText];

    /// <summary>As a zone file.</summary>
    /// <param name="largest">Bytes above which there is no text: not every server can sign the largest.</param>
    public static string File(int largest = LargestText)
    {
        var zone = new StringBuilder("""
            $ORIGIN .
            $TTL 3600
            @ IN SOA a.root-servers.net. nobody.test. 1 3600 600 86400 3600
            @ IN NS a.root-servers.net.
            a.root-servers.net. IN A 192.0.2.53
            *.load.test. IN A 192.0.2.1
            *.load.test. IN AAAA 2001:db8::1

            """);
        foreach (int size in s_textSizes.Where(size => size <= largest))
        {
            foreach (string record in TextRecords(size))
            {
                zone.AppendLine(record);
            }
        }

        return zone.ToString();
    }

    /// <summary>The records of <c>tN.test</c>, one a line of a zone file.</summary>
    public static IEnumerable<string> TextRecords(int size) =>
        // Each record: 12 bytes before the data, a length byte and 200 of text.
        Enumerable.Range(0, size / 213).Select(i => $"t{size}.test. IN TXT \"{i:0000}{string.Concat(Enumerable.Repeat('t', 196))}\"");
}
