using Fastdist.Tls;

namespace Fastdist.Control.Figures;

/// <summary>The reasons of failed handshakes that dnsdist counts, by its console's heading, its metrics' label and its API's key.</summary>
internal static class TlsReasons
{
    public static readonly (string Heading, string Label, string JsonName, TlsFailure Failure)[] All =
    [
        ("DH key too small", "dhKeyTooSmall", "DHKeyTooSmall", TlsFailure.DhKeyTooSmall),
        ("Inappropriate fallback", "inappropriateFallBack", "InappropriateFallBack", TlsFailure.InappropriateFallback),
        ("No shared cipher", "noSharedCipher", "NoSharedCipher", TlsFailure.NoSharedCipher),
        ("Unknown cipher type", "unknownCipherType", "UnknownCipher", TlsFailure.UnknownCipherType),
        ("Unknown exchange type", "unknownKeyExchangeType", "UnknownKeyExchangeType", TlsFailure.UnknownKeyExchangeType),
        ("Unknown protocol", "unknownProtocol", "UnknownProtocol", TlsFailure.UnknownProtocol),
        ("Unsupported EC", "unsupportedEC", "UnsupportedEC", TlsFailure.UnsupportedEllipticCurve),
        ("Unsupported protocol", "unsupportedProtocol", "UnsupportedProtocol", TlsFailure.UnsupportedProtocol),
    ];
}
