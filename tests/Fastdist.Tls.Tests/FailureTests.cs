using System;
using System.Linq;
using System.Text;
using System.Text.RegularExpressions;
using Fastdist.Tls.Interop;
using Xunit;

namespace Fastdist.Tls.Tests;

/// <summary>Failed handshakes are counted by why they failed.</summary>
public partial class FailureTests
{
    private static readonly byte[] s_clientHello = [0x16, 3, 1, 2, 0, 1, 0, 1];

    [Theory]
    [InlineData(394, TlsFailure.DhKeyTooSmall)]
    [InlineData(373, TlsFailure.InappropriateFallback)]
    [InlineData(193, TlsFailure.NoSharedCipher)]
    [InlineData(249, TlsFailure.UnknownCipherType)]
    [InlineData(250, TlsFailure.UnknownKeyExchangeType)]
    [InlineData(252, TlsFailure.UnknownProtocol)]
    [InlineData(315, TlsFailure.UnsupportedEllipticCurve)]
    [InlineData(258, TlsFailure.UnsupportedProtocol)]
    [InlineData(396, TlsFailure.UnsupportedProtocol)]
    [InlineData(166, TlsFailure.UnsupportedProtocol)]
    [InlineData(155, TlsFailure.Http)]
    [InlineData(156, TlsFailure.Http)]
    [InlineData(101, TlsFailure.NoSharedGroup)]
    [InlineData(209, TlsFailure.NoSharedGroup)]
    [InlineData(295, TlsFailure.NoSharedGroup)]
    [InlineData(378, TlsFailure.NoSharedGroup)]
    [InlineData(410, TlsFailure.NoSharedGroup)]
    [InlineData(112, TlsFailure.NoSharedSignatureAlgorithm)]
    [InlineData(118, TlsFailure.NoSharedSignatureAlgorithm)]
    [InlineData(297, TlsFailure.NoSharedSignatureAlgorithm)]
    [InlineData(360, TlsFailure.NoSharedSignatureAlgorithm)]
    [InlineData(370, TlsFailure.NoSharedSignatureAlgorithm)]
    [InlineData(376, TlsFailure.NoSharedSignatureAlgorithm)]
    [InlineData(338, TlsFailure.RenegotiationRefused)]
    [InlineData(339, TlsFailure.RenegotiationRefused)]
    [InlineData(1100, TlsFailure.RenegotiationRefused)]
    [InlineData(1000, TlsFailure.Cancelled)]
    [InlineData(1090, TlsFailure.Cancelled)]
    [InlineData(1040, TlsFailure.AlertHandshakeFailure)]
    [InlineData(1042, TlsFailure.AlertBadCertificate)]
    [InlineData(1043, TlsFailure.AlertUnsupportedCertificate)]
    [InlineData(1044, TlsFailure.AlertCertificateRevoked)]
    [InlineData(1045, TlsFailure.AlertCertificateExpired)]
    [InlineData(1046, TlsFailure.AlertCertificateUnknown)]
    [InlineData(1048, TlsFailure.AlertUnknownCa)]
    [InlineData(1049, TlsFailure.AlertAccessDenied)]
    [InlineData(1051, TlsFailure.AlertDecryptError)]
    [InlineData(1070, TlsFailure.AlertProtocolVersion)]
    [InlineData(1120, TlsFailure.AlertNoApplicationProtocol)]
    [InlineData(1010, TlsFailure.AlertOther)]
    [InlineData(1255, TlsFailure.AlertOther)]
    [InlineData(0, TlsFailure.Other)]
    [InlineData(999, TlsFailure.Other)]
    [InlineData(1256, TlsFailure.Other)]
    public void Each_reason_of_OpenSSL_has_its_failure(int reason, TlsFailure failure) => Assert.Equal(failure, TlsFailures.Classify(reason, s_clientHello));

    [Theory]
    [InlineData(2, TlsFailure.CertificateUntrusted)]
    [InlineData(9, TlsFailure.CertificateNotYetValid)]
    [InlineData(10, TlsFailure.CertificateExpired)]
    [InlineData(18, TlsFailure.CertificateUntrusted)]
    [InlineData(19, TlsFailure.CertificateUntrusted)]
    [InlineData(20, TlsFailure.CertificateUntrusted)]
    [InlineData(21, TlsFailure.CertificateUntrusted)]
    [InlineData(23, TlsFailure.CertificateRefused)]
    [InlineData(27, TlsFailure.CertificateUntrusted)]
    [InlineData(62, TlsFailure.CertificateNameMismatch)]
    [InlineData(64, TlsFailure.CertificateNameMismatch)]
    public void Each_objection_to_a_certificate_has_its_failure(int error, TlsFailure failure) => Assert.Equal(failure, TlsFailures.OfVerification(error));

    [Theory]
    [InlineData(100, 103, 108, 110, 115, 132, 133, 145, 146, 147, 149, 150, 152, 153, 154, 159, 160, 182, 198, 205, 213)]
    [InlineData(226, 227, 240, 244, 245, 246, 253, 260, 262, 267, 271, 281, 293, 298, 306, 404, 409, 443)]
    public void What_is_no_sound_record_or_message_is_a_bad_record(params int[] reasons) =>
        Assert.All(reasons, reason => Assert.Equal(TlsFailure.BadRecord, TlsFailures.Classify(reason, s_clientHello)));

    [Theory]
    [InlineData("GET / HTTP/1.1", TlsFailure.Http)]
    [InlineData("POST /dns-query", TlsFailure.Http)]
    [InlineData("PUT /x HTTP", TlsFailure.Http)]
    [InlineData("HEAD / HTTP", TlsFailure.Http)]
    [InlineData("OPTIONS * HTTP", TlsFailure.Http)]
    [InlineData("CONNECT x:853", TlsFailure.Http)]
    [InlineData("PRI * HTTP/2.0", TlsFailure.Http)]
    [InlineData("HTTP/1.1 400", TlsFailure.Http)]
    [InlineData("PROXY TCP4 192.0.2.1", TlsFailure.ProxyHeader)]
    [InlineData("\r\n\r\n\0\r\nQUIT\n", TlsFailure.ProxyHeader)]
    [InlineData("\0\u001d\u0001\u0002\u0001\u0020\0\u0001", TlsFailure.PlainDns)]
    [InlineData("\0\u000c\u0001\u0002\u0080\u0001\0\0", TlsFailure.PlainDns)]
    [InlineData("\0\u000b\u0001\u0002\u0001\0\0\u0001", TlsFailure.BadRecord)]
    [InlineData("\0\u001d\u0001\u0002\u0001\0\0\u0002", TlsFailure.BadRecord)]
    [InlineData("\0\u001d\u0001\u0002\u0008\0\0\u0001", TlsFailure.BadRecord)]
    [InlineData("\0\u001d\u0001\u0002\u0001\0\0", TlsFailure.BadRecord)]
    [InlineData("SSH-2.0-OpenSSH", TlsFailure.BadRecord)]
    [InlineData("", TlsFailure.BadRecord)]
    public void The_first_bytes_tell_a_mistaken_protocol_from_garbage(string bytes, TlsFailure failure)
    {
        byte[] first = Encoding.Latin1.GetBytes(bytes);
        Assert.Equal(failure, TlsFailures.Classify(SslReason.WrongVersionNumber, first.AsSpan(0, Math.Min(8, first.Length))));
    }

    [Fact]
    public void An_alert_is_what_it_says_whatever_came_first() =>
        Assert.Equal(TlsFailure.AlertUnknownCa, TlsFailures.Classify(1048, "GET / HT"u8));

    [Fact]
    public void Each_failure_has_a_name_of_its_own_in_lower_case()
    {
        string[] names = [.. Enum.GetValues<TlsFailure>().Select(TlsFailures.NameOf)];
        Assert.Distinct(names);
        Assert.All(names, name => Assert.Matches(KebabCase(), name));
        Assert.Equal("dh-key-too-small", TlsFailures.NameOf(TlsFailure.DhKeyTooSmall));
    }

    [GeneratedRegex("^[a-z]+(-[a-z]+)*$")]
    private static partial Regex KebabCase();
}
