using System;
using System.Text;
using Fastdist.Dns;

namespace Fastdist.Fuzz;

/// <summary>Messages as tests write them: hex with spaces, and names in presentation format.</summary>
internal static class Hex
{
    internal static byte[] Bytes(params string[] parts)
    {
        var digits = new StringBuilder();
        foreach (string part in parts)
        {
            digits.Append(part.Replace(" ", "", StringComparison.Ordinal));
        }

        return Convert.FromHexString(digits.ToString());
    }

    internal static byte[] Name(string text)
    {
        var wire = new byte[Names.MaxWireLength];
        return Names.TryParse(text, wire, out int length)
            ? wire[..length]
            : throw new ArgumentException($"no name: {text}", nameof(text));
    }

    internal static string Of(ReadOnlySpan<byte> bytes) => Convert.ToHexString(bytes);
}
