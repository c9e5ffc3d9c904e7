using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using Fastdist.Proxy.Frontends;
using Fastdist.Proxy.Shards;
using Fastdist.Ring;
using Fastdist.Tls;

namespace Fastdist.Proxy;

/// <summary>
/// The whole proxy: binds every socket, builds every TLS context, then runs the shards. The stages
/// are apart so that the caller can drop privileges between binding and running.
/// </summary>
public sealed class ProxyServer : IDisposable
{
    private readonly ProxyOptions _options;
    private readonly Log _log;
    private readonly Dictionary<string, TlsTrust> _trusts = [];
    private readonly List<TlsContext> _contexts = [];
    private readonly Shard[] _shards;

    private ProxyServer(ProxyOptions options, Log log)
    {
        _options = options;
        _log = log;
        _shards = new Shard[options.Shards];
    }

    /// <summary>The ring in use, as <c>--io</c> spells it.</summary>
    public string RingName => _shards[0].RingName;

    /// <summary>Why io_uring is not in use although it was not excluded; null when it is.</summary>
    public string? RingReason => _shards[0].RingReason;

    /// <summary>Loads what the settings name and binds every socket; nothing runs yet.</summary>
    /// <exception cref="TlsConfigurationException">A TLS setting cannot work.</exception>
    /// <exception cref="System.ComponentModel.Win32Exception">An address cannot be bound.</exception>
    public static ProxyServer Bind(ProxyOptions options, Log log)
    {
        var server = new ProxyServer(options, log);
        TlsContext?[][] contexts = server.CreateContexts();
        ShardSockets[] sockets = server.BindSockets();
        var limits = new ClientLimits(options.MaxTcpConnections, options.MaxTcpConnectionsPerClient);
        uint seed = (uint)Random.Shared.Next();
        for (int id = 0; id < options.Shards; id++)
        {
            server._shards[id] = new Shard(id, options, sockets[id], contexts[id], server._shards, limits, seed, log);
        }

        return server;
    }

    /// <summary>Checks what <see cref="Bind"/> would load, without opening a socket.</summary>
    /// <exception cref="TlsConfigurationException">A TLS setting cannot work.</exception>
    public static void Check(ProxyOptions options, Log log)
    {
        using var server = new ProxyServer(options, log);
        server.CreateContexts();
    }

    /// <summary>Starts every shard and returns once all serve.</summary>
    /// <exception cref="System.ComponentModel.Win32Exception">The kernel refused a ring.</exception>
    public void Start()
    {
        IReadOnlyList<int> processors = Processors.Usable();

        // A shard that shares the machine with others is better placed by the scheduler.
        bool pin = _shards.Length >= processors.Count;
        for (int id = 0; id < _shards.Length; id++)
        {
            _shards[id].Start(pin ? processors[id % processors.Count] : -1);
            if (_shards[id].Failure is { } failure)
            {
                throw failure;
            }
        }
    }

    /// <summary>Stops accepting, lets what is in flight be answered within the shutdown timeout, and returns when all ended.</summary>
    public void Stop()
    {
        foreach (Shard shard in _shards)
        {
            shard.Stop();
        }

        foreach (Shard shard in _shards)
        {
            shard.Join();
        }
    }

    /// <summary>Writes every counter, one line a thing counted, each starting with <c>stats</c>.</summary>
    public void WriteStatistics(Action<string> write) => new Statistics(_options, _shards).Write(write);

    /// <inheritdoc/>
    public void Dispose()
    {
        _contexts.ForEach(context => context.Dispose());
        foreach (TlsTrust trust in _trusts.Values)
        {
            trust.Dispose();
        }
    }

    private TlsContext?[][] CreateContexts() =>
        [.. Enumerable.Range(0, _options.Shards).Select(_ => _options.Backends.Select(CreateContext).ToArray())];

    private TlsContext? CreateContext(BackendOptions backend)
    {
        if (backend.Tls == BackendTransport.None)
        {
            return null;
        }

        try
        {
            TlsContext context = TlsClientContext.Create(new TlsClientOptions
            {
                SubjectName = backend.SubjectName,
                SubjectAddress = backend.SubjectAddr,
                Trust = backend.ValidateCertificates ? TrustOf(backend.CaStore) : null,
            });
            _contexts.Add(context);
            return context;
        }
        catch (TlsConfigurationException exception)
        {
            throw new TlsConfigurationException($"--server {backend.Name}: {exception.Message}");
        }
    }

    private TlsTrust TrustOf(string path)
    {
        if (!_trusts.TryGetValue(path, out TlsTrust? trust))
        {
            if (path.Length > 0 && !File.Exists(path))
            {
                throw new TlsConfigurationException($"caStore={path}: no such file, or not readable by this user");
            }

            trust = TlsTrust.Load(path);
            _trusts.Add(path, trust);
        }

        return trust;
    }

    private ShardSockets[] BindSockets()
    {
        int count = _options.Frontends.Count;
        var sockets = new ShardSockets[_options.Shards];
        for (int id = 0; id < _options.Shards; id++)
        {
            sockets[id] = new ShardSockets(new int[count], new int[count]);
        }

        for (int frontend = 0; frontend < count; frontend++)
        {
            FrontendOptions options = _options.Frontends[frontend];
            Sockets.EnsureUnused(options.Address);
            for (int id = 0; id < _options.Shards; id++)
            {
                sockets[id].Datagrams[frontend] = Sockets.BindDatagram(options.Address, _options.UdpReceiveBuffer, out int granted);
                sockets[id].Listeners[frontend] = Sockets.Listen(options.Address, options.TcpListenQueueSize);
                if (id == 0 && granted < _options.UdpReceiveBuffer)
                {
                    _log.Verbose($"{options.Address}: the kernel gave {granted} bytes of UDP receive buffer where {_options.UdpReceiveBuffer} were asked; raise net.core.rmem_max");
                }
            }
        }

        return sockets;
    }
}
