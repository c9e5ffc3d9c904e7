using System.Linq;
using System.Net;
using Fastdist.Proxy.Counters;
using Fastdist.Proxy.Frontends;
using Fastdist.Settings;
using SocketAddress = Fastdist.Ring.SocketAddress;

namespace Fastdist.Proxy.Tests.Limits;

/// <summary>The limits with a clock that the test moves, and clients by their address.</summary>
internal sealed class LimitsBench(ClientLimitOptions options)
{
    public const long Second = 1_000_000;

    public ClientLimits Limits { get; } = new(options);

    /// <summary>Microseconds; not 0, as that of no machine is.</summary>
    public long Now { get; set; } = 1000 * Second;

    public static SocketAddress Peer(string address, int port = 4000) => SocketAddress.From(new IPEndPoint(IPAddress.Parse(address), port));

    public Admission Enter(string address, int port = 4000) => Limits.TryEnter(Peer(address, port), Now);

    /// <summary>How many of so many connections are let in.</summary>
    public int EnterMany(string address, int times) => Enumerable.Range(0, times).Count(_ => Enter(address) == Admission.Admitted);

    public void Leave(string address, int port = 4000) => Limits.Leave(Peer(address, port));

    /// <summary>How many of so many connections are let in that leave at once.</summary>
    public int PassThrough(string address, int times)
    {
        int passed = 0;
        for (int i = 0; i < times && Enter(address) == Admission.Admitted; i++)
        {
            Leave(address);
            passed++;
        }

        return passed;
    }

    public bool BeginSession(string address) => Limits.SessionEstablished(Peer(address), resumed: false, Now);

    public bool ResumeSession(string address) => Limits.SessionEstablished(Peer(address), resumed: true, Now);

    public void Ban(string address, int seconds) => Limits.Ban(Peer(address), Now, seconds);
}
