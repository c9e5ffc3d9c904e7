namespace Fastdist.Tls.Tests;

/// <summary>The contract's suites, run over the linked OpenSSL.</summary>
public sealed class OpenSslSessionTests() : SessionTests(TlsProvider.OpenSsl);

public sealed class OpenSslGarbageTests() : GarbageTests(TlsProvider.OpenSsl);

public sealed class OpenSslValidationTests() : ValidationTests(TlsProvider.OpenSsl);

public sealed class OpenSslPinTests() : PinTests(TlsProvider.OpenSsl);

public sealed class OpenSslClientOptionTests() : ClientOptionTests(TlsProvider.OpenSsl);
