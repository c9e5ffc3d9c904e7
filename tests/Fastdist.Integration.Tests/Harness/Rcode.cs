namespace Fastdist.Integration.Tests.Harness;

/// <summary>The response codes that the tests name.</summary>
public enum Rcode
{
    NoError = 0,
    FormErr = 1,
    ServFail = 2,
    NxDomain = 3,
    NotImp = 4,
    Refused = 5,
}
