namespace Fastdist.Tls.Tests;

/// <summary>The contract's suites, run over .NET's SslStream.</summary>
public sealed class SslStreamSessionTests() : SessionTests(TlsProvider.SslStream);

public sealed class SslStreamGarbageTests() : GarbageTests(TlsProvider.SslStream);

public sealed class SslStreamValidationTests() : ValidationTests(TlsProvider.SslStream);

public sealed class SslStreamPinTests() : PinTests(TlsProvider.SslStream);

public sealed class SslStreamClientOptionTests() : ClientOptionTests(TlsProvider.SslStream);
