using System.Text;

namespace Fastdist.Fuzz.Http;

/// <summary>Header fields as literals without Huffman code and without indexing (RFC 7541 section 6.2.2), and those of the static table.</summary>
internal static class Hpack
{
    internal static byte[] Method(string method) => method switch
    {
        "GET" => [0x82],
        "POST" => [0x83],
        _ => Field(":method", method),
    };

    /// <summary>Scheme https, authority and path.</summary>
    internal static byte[] Target(string path) =>
        [0x87, 0x01, .. Text("dnsserver.example.net"), 0x04, .. Text(path)];

    internal static byte[] Field(string name, string value) => [0x00, .. Text(name), .. Text(value)];

    private static byte[] Text(string text)
    {
        const int Prefix = 127;
        int length = text.Length;
        byte[] bytes = Encoding.Latin1.GetBytes(text);
        if (length < Prefix)
        {
            return [(byte)length, .. bytes];
        }

        // RFC 7541 section 5.1.
        byte[] number = [Prefix];
        for (length -= Prefix; length >= 128; length >>= 7)
        {
            number = [.. number, (byte)((length & 127) | 128)];
        }

        return [.. number, (byte)length, .. bytes];
    }
}
