using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Net;
using System.Threading;
using Fastdist.Integration.Tests.Harness;
using Fastdist.Ring;
using Fastdist.Settings;
using Xunit;

namespace Fastdist.Proxy.Tests.Allocation;

/// <summary>The whole proxy in this process, with one shard between a backend and the test's own queries.</summary>
internal sealed class ProxyUnderTest : IDisposable
{
    /// <summary>Milliseconds that anything may take.</summary>
    public const int Patience = 60_000;

    private readonly LineCollector _log = new();
    private readonly ProxyServer _server;

    public ProxyUnderTest(EchoBackend backend, BackendTransport transport, bool editQueries, RingMode ring)
    {
        Address = Ports.Next();
        _server = ProxyServer.Bind(
            new ProxyOptions
            {
                Frontends = [new FrontendOptions { Address = Address }],
                Backends =
                [
                    new BackendOptions
                    {
                        Address = backend.Address,
                        Name = "backend",
                        Tls = transport,
                        ValidateCertificates = false,

                        // A machine that is busy with other tests says nothing about the backend.
                        CheckTimeout = Patience,
                        QueryTimeout = Patience,
                        SilenceTimeout = Patience,
                        UdpTimeout = Patience / 1000,
                        TcpConnectTimeout = Patience / 1000,
                        TcpSendTimeout = Patience / 1000,
                        PadQueries = editQueries,
                        UseClientSubnet = editQueries,
                    },
                ],

                // Nor about a client.
                TcpReceiveTimeout = Patience / 1000,
                TcpSendTimeout = Patience / 1000,
                TcpIdleTimeout = Patience / 1000,
                TlsHandshakeTimeout = Patience / 1000,
                Io = ring,
            },
            _log);
        _server.Start();
        WaitUntil(() => Counter("backend", transport == BackendTransport.Udp ? "responses" : "current-connections") == 1, "a connection to the backend, or a datagram of it");
    }

    public IPEndPoint Address { get; }

    public ProxyServer Server => _server;

    /// <summary>What it said.</summary>
    public string Log => _log.ToString();

    public string RingName => _server.RingName;

    /// <summary>Bytes the shard's thread has allocated, everything included that was done before the call.</summary>
    public long AllocatedBytes()
    {
        // Counters are written once a tick, after its health check was sent: the second check from now
        // is sent by a tick that began after one that wrote them.
        long checks = Counter("backend", "health-checks");
        WaitUntil(() => Counter("backend", "health-checks") >= checks + 2, "two health checks");
        return Counter("shard", "allocated-bytes");
    }

    /// <summary>A counter of the first line of a kind.</summary>
    public long Counter(string kind, string name)
    {
        var lines = new List<string>();
        _server.WriteStatistics(lines.Add);
        string line = lines.First(l => l.StartsWith($"stats {kind} ", StringComparison.Ordinal));
        string value = line.Split(' ').First(word => word.StartsWith($"{name}=", StringComparison.Ordinal))[(name.Length + 1)..];
        return long.Parse(value, CultureInfo.InvariantCulture);
    }

    public void WaitUntil(Func<bool> condition, string what) =>
        Assert.True(SpinWait.SpinUntil(condition, Patience), $"waited in vain for {what}; the log says:\n{_log}");

    public void Dispose()
    {
        _server.Stop();
        _server.Dispose();
    }
}
