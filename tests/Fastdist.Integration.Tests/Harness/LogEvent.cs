namespace Fastdist.Integration.Tests.Harness;

/// <summary>Kinds of messages in fastdist's log that tests look for, by the numbers and names that its lines carry.</summary>
internal enum LogEvent
{
    MessagesSuppressed = 2,
    Ready = 11,
    ConnectionsFitted = 14,
    WayInClosed = 16,
    WayInOpen = 17,
    SecretReadable = 20,
    Listening = 30,
    ListeningForOperators = 31,
    Statistics = 100,
    ReloadFailed = 101,
    Reloaded = 102,
    ReloadedInPart = 110,
    BackendUp = 200,
    BackendDown = 201,
    HealthCheckFailed = 205,
    ConnectionFailed = 210,
    CertificateRefused = 211,
    ProtocolRefused = 217,
    EditsRefused = 218,
    CertificateEnded = 220,
    ClientCertificateDoubtful = 221,
    NoBackendLeft = 230,
    BackendLeftAgain = 231,
    FrontendLeftOut = 300,
    CertificateDoubtful = 301,
    DescriptorsExhausted = 305,
    InterfaceGone = 306,
    BoundAgain = 307,
}
