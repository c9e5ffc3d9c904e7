using System;

namespace Fastdist.Simulation.Tls;

/// <summary>
/// The TLS library of one world: sessions under the verbs of <see cref="Fastdist.Tls.TlsSession"/> that keep OpenSSL's manners, whose every
/// decision comes from the seed, and which see to it that they are used as OpenSSL's have to be. There is no secrecy in them, but what
/// arrives damaged, twice, out of order or at another session is noticed.
/// </summary>
/// <param name="random">The world's chance.</param>
/// <param name="violate">Hears of misuse.</param>
internal sealed class SimTls(Random random, Action<string> violate)
{
    public Random Random => random;

    /// <summary>Sessions of the program under test that were begun and not disposed.</summary>
    public int Live { get; private set; }

    /// <summary>Contexts of the program under test that hold what OpenSSL would have to free.</summary>
    public int LiveContexts { get; private set; }

    /// <summary>Handshakes that sessions of the program under test completed.</summary>
    public int Handshakes { get; set; }

    /// <summary>Those that resumed an earlier session.</summary>
    public int Resumptions { get; set; }

    /// <summary>Sessions of the program under test that failed.</summary>
    public int Failures { get; set; }

    /// <summary>A context of the program under test: what comes of it is counted until it is given back.</summary>
    public SimTlsContext Ours(SimTlsOptions options) => new(this, options, isOurs: true);

    /// <summary>A context of a model of a client or backend.</summary>
    public SimTlsContext Theirs(SimTlsOptions options) => new(this, options, isOurs: false);

    /// <summary>Sees to it that something is as it must be.</summary>
    public void Require(bool holds, string violated)
    {
        if (!holds)
        {
            violate(violated);
        }
    }

    public void Count(int sessions, int contexts)
    {
        Live += sessions;
        LiveContexts += contexts;
    }
}
