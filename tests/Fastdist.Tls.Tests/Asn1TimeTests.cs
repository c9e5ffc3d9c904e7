using System;
using System.Globalization;
using System.Runtime.InteropServices;
using Fastdist.Tls.Interop;
using Xunit;

namespace Fastdist.Tls.Tests;

[Trait("Row", "C1")]
public partial class Asn1TimeTests
{
    [Theory]
    [InlineData("20260102030405Z", "2026-01-02T03:04:05Z")]
    [InlineData("99991231235959Z", "9999-12-31T23:59:59Z")]
    [InlineData("00010101000000Z", "0001-01-01T00:00:00Z")]
    [InlineData("00000101000000Z", "0001-01-01T00:00:00Z")]
    public void Whatever_a_certificate_of_a_peer_names_is_a_time(string text, string expected)
    {
        nint time = ASN1_TIME_new();
        Assert.Equal(1, ASN1_TIME_set_string(time, text));
        Assert.Equal(DateTimeOffset.Parse(expected, CultureInfo.InvariantCulture), Asn1Time.Of(time));
        ASN1_STRING_free(time);
    }

    [LibraryImport("libcrypto")]
    private static partial nint ASN1_TIME_new();

    [LibraryImport("libcrypto", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int ASN1_TIME_set_string(nint time, string text);

    [LibraryImport("libcrypto")]
    private static partial void ASN1_STRING_free(nint text);
}
