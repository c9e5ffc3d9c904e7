using System;
using System.Collections.Generic;
using System.Diagnostics.CodeAnalysis;
using System.Linq;
using Fastdist.Proxy.Backends;
using Fastdist.Proxy.Shards;
using Fastdist.Proxy.Views;
using Fastdist.Settings;
using Fastdist.Tls;

namespace Fastdist.Proxy;

/// <summary>Backends, which may come and go while the proxy runs.</summary>
public sealed partial class ProxyServer
{
    /// <summary>Picked at random, so that outsiders cannot choose names that all go to one backend.</summary>
    private readonly uint _nameSeed = (uint)Random.Shared.Next();

    private readonly BackendRoster _backends = new();

    /// <summary>The backends of the moment, in the order they were added.</summary>
    public IReadOnlyList<BackendView> Backends => _backends.Present;

    /// <summary>Adds a backend; it is asked as soon as it has a connection. Its files may be waited for, but nothing waits for them.</summary>
    /// <param name="options">Its settings; the name must be its own.</param>
    /// <param name="backend">The new backend.</param>
    /// <param name="error">Why it cannot be added.</param>
    public bool TryAddBackend(BackendOptions options, [NotNullWhen(true)] out BackendView? backend, out string error)
    {
        backend = null;
        lock (_control)
        {
            error = ProblemWith(options);
        }

        if (error.Length > 0)
        {
            return false;
        }

        BackendContexts contexts;
        try
        {
            contexts = _backendTls.Load(options);
        }
        catch (TlsConfigurationException exception)
        {
            error = exception.Message;
            return false;
        }

        lock (_control)
        {
            error = _isDisposed ? "the process is stopping" : ProblemWith(options);
            if (error.Length > 0)
            {
                contexts.Discard();
                return false;
            }

            backend = new BackendView(new SharedBackend(_backends.FreeSlot, options, _shards.Length));
            Add(backend, contexts, backend.Pools);
            ShareOut(backend);
            _log.BackendAdded(options.Name);
            _backendWatch.Look();
            return true;
        }
    }

    /// <summary>Removes a backend: it gets no further query; answers to those it has are waited for, then its connections close.</summary>
    /// <returns>False when it was removed before.</returns>
    public bool RemoveBackend(BackendView backend)
    {
        lock (_control)
        {
            if (!_backends.TryRemove(backend))
            {
                return false;
            }

            ShareOut(backend);
            Part(backend);
            _backendWatch.Look();
            return true;
        }
    }

    /// <summary>Gives a backend another share of what is chosen by weights.</summary>
    /// <param name="backend">The backend.</param>
    /// <param name="weight">At least 1.</param>
    /// <returns>False when it was removed before.</returns>
    public bool SetWeight(BackendView backend, int weight) => Edit(backend, options => options with { Weight = weight });

    /// <summary>Prefers a backend more or less.</summary>
    /// <param name="backend">The backend.</param>
    /// <param name="order">At least 0; lower goes first.</param>
    /// <returns>False when it was removed before.</returns>
    public bool SetOrder(BackendView backend, int order) => Edit(backend, options => options with { Order = order });

    /// <summary>Sets the queries a second above which a backend is preferred no longer.</summary>
    /// <param name="backend">The backend.</param>
    /// <param name="qps">At least 0, which is no limit.</param>
    /// <returns>False when it was removed before.</returns>
    public bool SetQps(BackendView backend, int qps) => Edit(backend, options => options with { Qps = qps });

    /// <summary>Decides whether a backend is up, or has its health checks decide again.</summary>
    /// <returns>False when it was removed before.</returns>
    public bool SetMode(BackendView backend, HealthCheckMode mode)
    {
        lock (_control)
        {
            if (!_backends.Contains(backend))
            {
                return false;
            }

            Force(backend, mode);
            return true;
        }
    }

    private void Force(BackendView backend, HealthCheckMode mode)
    {
        if (!mode.IsChecked)
        {
            backend.Shared.IsUp = mode == HealthCheckMode.Up;
        }

        backend.Shared.Mode = mode;
        PostToAll(shard => shard.SetMode(backend.Shared, mode));
        _log.BackendSet(backend.Name, Describe(mode));
    }

    private bool Edit(BackendView backend, Func<BackendOptions, BackendOptions> change)
    {
        lock (_control)
        {
            if (!_backends.Contains(backend))
            {
                return false;
            }

            Edit(backend, change(backend.Options));
            ShareOut(backend);
            return true;
        }
    }

    /// <summary>Has a backend go by other settings, of which <see cref="EditableSettings"/> says that they can be.</summary>
    private void Edit(BackendView backend, BackendOptions options)
    {
        backend.Shared.Options = options;
        PostToAll(shard => shard.Edit(backend.Shared, options));
        _log.BackendSet(backend.Name, "to other settings");
    }

    /// <summary>Has the shards let a backend go that is on the list no longer.</summary>
    private void Part(BackendView backend)
    {
        // Its contexts are the shards' to free, once its last session has ended.
        _contexts.Remove(backend);
        PostToAll(shard => shard.RemoveBackend(backend.Shared));
        _log.BackendRemoved(backend.Name);
    }

    private static string Describe(HealthCheckMode mode) => mode switch
    {
        HealthCheckMode.Auto => "to be checked",
        HealthCheckMode.Lazy => "to be checked when queries to it fail",
        HealthCheckMode.Up => "up",
        _ => "down",
    };

    private void AddConfiguredBackends()
    {
        BackendView[] backends = [.. _options.Backends.Select((options, slot) => new BackendView(new SharedBackend(slot, options, _shards.Length)))];
        foreach ((BackendView backend, BackendContexts contexts) in backends.Zip(_backendTls.Load(_options.Backends)))
        {
            Add(backend, contexts, backend.Pools);
        }

        for (int pool = 0; pool < _pools.Count; pool++)
        {
            ShareOut(pool);
        }
    }

    /// <param name="backend">Takes part from now on.</param>
    /// <param name="contexts">What its sessions are made with.</param>
    /// <param name="inPools">Names of the pools that it is in at once.</param>
    private void Add(BackendView backend, BackendContexts contexts, IReadOnlyList<string> inPools)
    {
        _backendTls.Keep(backend.Shared, contexts);
        _contexts.Add(backend, contexts.OfShards);
        _backends.Add(backend);
        backend.Shared.StateChanged = _backendWatch.Look;
        int[] pools = [.. inPools.Select(EnsurePool)];
        PostToAll(shard => shard.AddBackend(backend.Shared, contexts.OfShards[shard.Context.Id], pools));
    }

    /// <summary>Has new connections use what the files say now; those that are open stay.</summary>
    private void Renew(BackendView backend, TlsContext?[] contexts)
    {
        _contexts[backend] = contexts;
        for (int shard = 0; shard < _shards.Length; shard++)
        {
            if (contexts[shard] is { } context)
            {
                _shards[shard].Post(new Message(MessageKind.Change, Change: s => s.Renew(backend.Shared, context)));
            }
        }
    }

    /// <summary>The pools of a backend have one member more or less.</summary>
    private void ShareOut(BackendView backend)
    {
        foreach (string pool in backend.Pools)
        {
            ShareOut(_pools.NumberOf(pool));
        }
    }

    private void ForgetGone()
    {
        Array.ForEach(_backends.ForgetGone(), backend => _backendTls.Forget(backend.Shared));
        _frontends.ForgetGone();
    }

    private string ProblemWith(BackendOptions options)
    {
        ForgetGone();
        return _backends.ProblemWith(options) is { Length: > 0 } problem ? problem
            : _pools.ProblemWith(options.Pools) is { Length: > 0 } tooMany ? tooMany
            : options.ProblemWith(_options.Shards);
    }
}
