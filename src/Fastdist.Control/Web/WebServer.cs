using System;
using System.Net;
using System.Net.Sockets;
using System.Threading;
using System.Threading.Tasks;
using Fastdist.Ring;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using SocketAddress = Fastdist.Ring.SocketAddress;

namespace Fastdist.Control.Web;

/// <summary>
/// The page, the metrics and the API, on Kestrel and its threads, which are none of the shards. The server is Kestrel alone,
/// without a host around it: what a host adds (routing, injection, settings from the environment and the working directory)
/// is a megabyte of binary that four paths do not need and an operator does not expect.
/// </summary>
public sealed class WebServer : IDisposable
{
    private const int Backlog = 128;
    private static readonly TimeSpan s_headersTimeout = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan s_keepAlive = TimeSpan.FromSeconds(60);

    private readonly WebServerOptions _options;
    private readonly ILogger _log;
    private readonly Socket _listener;
    private readonly WebAccess _access;
    private KestrelServer? _server;

    private WebServer(WebServerOptions options, WebCounters counters, ILogger log, Socket listener)
    {
        Counters = counters;
        _options = options;
        _log = log;
        _listener = listener;
        _access = new WebAccess(new WebRules(options), TimeProvider.System);
    }

    /// <summary>What was done and refused.</summary>
    public WebCounters Counters { get; }

    /// <summary>Binds the address, which may take privileges; nothing is served yet.</summary>
    /// <param name="options">Where, and for whom.</param>
    /// <param name="log">Told of what is refused and of what fails.</param>
    /// <param name="counters">Where to count; null for new ones.</param>
    /// <exception cref="System.ComponentModel.Win32Exception">The address cannot be bound; the message names it.</exception>
    public static WebServer Bind(WebServerOptions options, ILogger log, WebCounters? counters = null)
    {
        var place = new LocalPlace(options.Address, MayBeMissing: options.FreeBind);
        Sockets.EnsureUnused(place, datagrams: false);
        return new WebServer(options, counters ?? new WebCounters(), log, new Socket(new SafeSocketHandle(Sockets.Listen(place, Backlog), ownsHandle: true)));
    }

    /// <summary>Begins to serve.</summary>
    /// <param name="source">What there is to show.</param>
    public void Start(WebSource source)
    {
        var settings = new KestrelServerOptions { AddServerHeader = false, AllowSynchronousIO = false };
        Bound(settings.Limits, _options.MaxConcurrentConnections);
        settings.Listen(_options.Address, listen =>
        {
            listen.Protocols = HttpProtocols.Http1;
            listen.Use(next => connection => IsAdmitted(connection.RemoteEndPoint) ? next(connection) : Task.CompletedTask);
        });
        var transport = new SocketTransportOptions { IOQueueCount = 1, CreateBoundListenSocket = _ => _listener };
        var sockets = new PatientTransport(new SocketTransportFactory(Options.Create(transport), NullLoggerFactory.Instance));
        _server = new KestrelServer(Options.Create(settings), sockets, NullLoggerFactory.Instance);
        _server.StartAsync(new WebRequests(source, _access, Counters, _log), CancellationToken.None).GetAwaiter().GetResult();
    }

    /// <summary>Goes by other settings from the next request on, but for the address and the number of connections, which are the start's.</summary>
    public void Replace(WebServerOptions options) => _access.Rules = new WebRules(options);

    /// <summary>Ends every connection.</summary>
    public void Dispose()
    {
        if (_server is { } server)
        {
            // Whoever polls is not waited for.
            server.StopAsync(new CancellationToken(canceled: true)).GetAwaiter().GetResult();
            server.Dispose();
        }

        _listener.Dispose();
        _access.Dispose();
    }

    private static void Bound(KestrelServerLimits limits, int connections)
    {
        limits.MaxConcurrentConnections = connections;
        limits.MaxRequestLineSize = 2048;
        limits.MaxRequestHeadersTotalSize = 8192;
        limits.MaxRequestHeaderCount = 50;
        limits.MaxRequestBufferSize = 16384;
        limits.MaxRequestBodySize = 0;
        limits.RequestHeadersTimeout = s_headersTimeout;
        limits.KeepAliveTimeout = s_keepAlive;
    }

    /// <summary>Whether the ACL lists a client.</summary>
    internal bool IsAdmitted(EndPoint? peer)
    {
        if (peer is not IPEndPoint client)
        {
            return false;
        }

        if (_access.Rules.Acl.Contains(SocketAddress.From(client)))
        {
            return true;
        }

        Counters.CountAclDrop();
        _log.WebRefusedByAcl(client.Address);
        return false;
    }
}
