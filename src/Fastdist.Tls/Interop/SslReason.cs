namespace Fastdist.Tls.Interop;

/// <summary>Reasons of libssl's errors (SSL_R_*, sslerr.h), as far as failures are told apart by them.</summary>
internal static class SslReason
{
    public const int HttpsProxyRequest = 155, HttpRequest = 156, VersionTooHigh = 166, NoSharedCipher = 193,
        UnknownCipherType = 249, UnknownKeyExchangeType = 250, UnknownProtocol = 252, UnsupportedProtocol = 258,
        UnsupportedEllipticCurve = 315, UnsafeLegacyRenegotiationDisabled = 338, NoRenegotiation = 339,
        InappropriateFallback = 373, DhKeyTooSmall = 394, VersionTooLow = 396;

    public const int AppDataInHandshake = 100, NoSuitableKeyShare = 101, BadChangeCipherSpec = 103, BadKeyShare = 108, BadExtension = 110,
        MissingSigalgsExtension = 112, BadPacketLength = 115, NoSuitableSignatureAlgorithm = 118, TooManyKeyUpdates = 132,
        CcsReceivedEarly = 133, DataBetweenCcsAndFinished = 145, DataLengthTooLong = 146, DecryptionFailed = 147, DigestCheckFailed = 149,
        EncryptedLengthTooLong = 150, ExcessiveMessageSize = 152, ExtraDataInMessage = 153, GotAFinBeforeACcs = 154, LengthMismatch = 159,
        LengthTooShort = 160, NotOnRecordBoundary = 182, PacketLengthTooLong = 198, InvalidAlert = 205, MissingSupportedGroupsExtension = 209,
        RecordLengthMismatch = 213, ClientHelloTlsExt = 226, ParseTlsExt = 227, BadPacket = 240, UnexpectedMessage = 244,
        UnexpectedRecord = 245, UnknownAlertType = 246, BinderDoesNotVerify = 253, InvalidCcsMessage = 260, UnexpectedCcsMessage = 262, WrongVersionNumber = 267,
        BadLength = 271, DecryptionFailedOrBadRecordMac = 281, MixedHandshakeAndNonHandshakeData = 293, NoSuitableGroups = 295,
        NoSuitableDigestAlgorithm = 297, RecordTooSmall = 298, BadEcPoint = 306, SignatureAlgorithmsError = 360, WrongSignatureType = 370,
        NoSharedSignatureAlgorithms = 376, WrongCurve = 378, LengthTooLong = 404, TooManyWarnAlerts = 409, NoSharedGroups = 410,
        BadRecordType = 443;

    /// <summary>No group in common.</summary>
    public static bool IsAboutGroups(int reason) => reason is NoSuitableKeyShare or MissingSupportedGroupsExtension or NoSuitableGroups or WrongCurve or NoSharedGroups;

    /// <summary>No signature algorithm in common.</summary>
    public static bool IsAboutSignatures(int reason) => reason is MissingSigalgsExtension or NoSuitableSignatureAlgorithm or NoSuitableDigestAlgorithm
        or SignatureAlgorithmsError or WrongSignatureType or NoSharedSignatureAlgorithms;

    /// <summary>What came is no sound record, or holds no sound message.</summary>
    public static bool IsAboutRecords(int reason) => reason is AppDataInHandshake or BadChangeCipherSpec or BadKeyShare or BadExtension or BadPacketLength
        or TooManyKeyUpdates or CcsReceivedEarly or DataBetweenCcsAndFinished or DataLengthTooLong or DecryptionFailed or DigestCheckFailed
        or EncryptedLengthTooLong or ExcessiveMessageSize or ExtraDataInMessage or GotAFinBeforeACcs or LengthMismatch
        or LengthTooShort or NotOnRecordBoundary or PacketLengthTooLong or InvalidAlert or RecordLengthMismatch or ClientHelloTlsExt
        or ParseTlsExt or BadPacket or UnexpectedMessage or UnexpectedRecord or UnknownAlertType or BinderDoesNotVerify or InvalidCcsMessage or UnexpectedCcsMessage
        or WrongVersionNumber or BadLength or DecryptionFailedOrBadRecordMac or MixedHandshakeAndNonHandshakeData or RecordTooSmall
        or BadEcPoint or LengthTooLong or TooManyWarnAlerts or BadRecordType;
}
