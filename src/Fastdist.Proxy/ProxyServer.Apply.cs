using System;
using System.Collections.Generic;
using System.ComponentModel;
using System.Diagnostics.CodeAnalysis;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Fastdist.Proxy.Backends;
using Fastdist.Proxy.Files;
using Fastdist.Proxy.Frontends;
using Fastdist.Proxy.Machines;
using Fastdist.Proxy.Views;
using Fastdist.Ring;
using Fastdist.Settings;
using Fastdist.Settings.Tables;

namespace Fastdist.Proxy;

/// <summary>Other settings for the running proxy: all of them are applied, or none.</summary>
public sealed partial class ProxyServer
{
    /// <summary>Taken before <see cref="_reading"/>, where both are.</summary>
    private readonly Lock _applying = new();

    private const int MostMillisecondsToHear = 1000;

    /// <summary>
    /// The settings in use, with all that was changed since the start: the backends in the order of <see cref="Backends"/>, each with its id. A state that
    /// was forced on one by <see cref="SetMode"/> is none of its settings.
    /// </summary>
    public ProxyOptions Options
    {
        get
        {
            lock (_control)
            {
                return _options with
                {
                    Frontends = [.. _frontends.Present.Select(static frontend => frontend.Options)],
                    Backends = [.. Backends.Select(BackendPlan.Known)],
                    Pools = [.. _pools.All.Select(pool => pool with { Cache = CacheOf(pool.Name)?.Options }).Where(pool => pool.Name != PoolOptions.Default || pool.Policy is not null || pool.Cache is not null)],
                    Policy = _pools.Policy,
                    Acl = Acl,
                };
            }
        }
    }

    /// <summary>
    /// Goes by other settings from now on. What they name is loaded and bound first; then what is the same as before stays as it is, with connections and
    /// counters, what can be edited is, and what else differs is replaced, nothing in flight being lost. No query sees only some of it, and when this returns
    /// every shard has it that is not busy for a second. Changes that other threads make are made before or after all of it. Files that a setting names as before are not read again: that is what <see cref="TryReload(out string)"/> does.
    /// </summary>
    /// <param name="next">All settings, as for <see cref="Bind"/>.</param>
    /// <param name="problems">Why nothing was changed: a line for each thing, which says what to do.</param>
    /// <returns>False when nothing was changed.</returns>
    public bool TryApply(ProxyOptions next, out IReadOnlyList<string> problems)
    {
        lock (_applying)
        {
            if (AreFrontendsTheSame(next))
            {
                return TryPrepareAndApply(next, out problems);
            }

            // A reload may be reading files of the same frontends, and waiting for one; whoever changes no frontend need not wait with it.
            lock (_reading)
            {
                return TryPrepareAndApply(next, out problems);
            }
        }
    }

    private bool AreFrontendsTheSame(ProxyOptions next)
    {
        lock (_control)
        {
            return next.Frontends.SequenceEqual(_options.Frontends);
        }
    }

    private bool TryPrepareAndApply(ProxyOptions next, out IReadOnlyList<string> problems)
    {
        AwaitDescriptors();
        while (TryPrepare(next, out PreparedSettings prepared, out problems))
        {
            if (TryApply(next, prepared, out Task? made))
            {
                // A shard that is busy, or gone, need not be waited for: it has its mail.
                made.Wait(MostMillisecondsToHear);
                return true;
            }

            prepared.Discard();
        }

        return false;
    }

    /// <returns>False when somebody has added or removed a backend or a cache while files were read, or the process is stopping: it is to be prepared again.</returns>
    private bool TryApply(ProxyOptions next, PreparedSettings prepared, [NotNullWhen(true)] out Task? made)
    {
        lock (_control)
        {
            bool isStill = !_isDisposed && prepared.Backends.Present == _backends.Present && prepared.Caches.Present == _caches.Present;
            made = isStill ? PostTogether(() => Apply(next, prepared)) : null;
            return isStill;
        }
    }

    /// <summary>Finds out what would change, and loads and binds what that needs.</summary>
    /// <returns>False when something is wrong, and nothing is loaded.</returns>
    private bool TryPrepare(ProxyOptions next, out PreparedSettings prepared, out IReadOnlyList<string> problems)
    {
        var report = new ReloadReport();
        BackendPlan backends;
        lock (_control)
        {
            ForgetGone();
            backends = new BackendPlan(_backends.Present, next.Backends, AreSubnetsOthers(next));
            report.Add(_isDisposed ? ["the process is stopping"] : [.. FixedSettings.Problems(_options, next, _mostUdpSize), .. backends.Problems(_options.Shards), .. ProblemsOfNumber(next, backends)]);
        }

        report.Add(ListenerConflicts.Find(next.Frontends, []));
        var frontends = new FrontendPlan(_frontends.Present, LeaveOutUnusable(next.Frontends));
        IReadOnlyDictionary<TicketKeyOptions, TicketKeySource> tickets = report.Try("", () => _tickets.Prepare(frontends.Next)) ?? new Dictionary<TicketKeyOptions, TicketKeySource>();
        FrontendContexts?[] presented = [.. frontends.Next.Select((options, i) => !frontends.NeedsContexts(i) ? null : report.Try("", () => _frontendTls.Load(
            options, TicketsOf(options, tickets), frontends.Kept[i] is { } kept ? _frontendTls.StoredOf(kept, options) : null)))];
        prepared = new PreparedSettings(backends, _backendTls.Renew(backends.Coming, report), frontends, presented, tickets, BindComing(frontends, report), _ruleLogs.Prepare(next.Rules, report),
            _caches.Prepare(next.AllPools, report));
        problems = report.Problems;
        if (problems.Count > 0)
        {
            prepared.Discard();
        }

        return problems.Count == 0;
    }

    private static TicketKeySource? TicketsOf(FrontendOptions frontend, IReadOnlyDictionary<TicketKeyOptions, TicketKeySource> tickets) =>
        frontend.Tls is { SessionTickets: true } tls ? tickets.GetValueOrDefault(tls.TicketKeys) : null;

    private ShardSockets[][] BindComing(FrontendPlan frontends, ReloadReport report)
    {
        try
        {
            return report.Problems.Count > 0 ? [] : _sockets.Bind(frontends.Coming, [.. _frontends.Held.Select(static frontend => frontend.Options)]);
        }
        catch (Win32Exception exception)
        {
            report.Add(exception.Message.Split('\n'));
            report.Add(Sockets.IsDenied(exception.NativeErrorCode) ? ["a process that has become another user can bind such a port no more: restart it, or use another port"] : []);
            return [];
        }
    }

    /// <summary>Whether backends that are told clients' networks would be told others: then they are replaced, as answers to what they were told before lose that again.</summary>
    private bool AreSubnetsOthers(ProxyOptions next) =>
        (next.EcsOverride, next.EcsSourcePrefixV4, next.EcsSourcePrefixV6) != (_options.EcsOverride, _options.EcsSourcePrefixV4, _options.EcsSourcePrefixV6);

    private IEnumerable<string> ProblemsOfNumber(ProxyOptions next, BackendPlan plan)
    {
        if (!_backends.HasRoomFor(plan.Coming.Length))
        {
            yield return $"{plan.Coming.Length} servers would come to {plan.Present.Length}, and there may be {ProxyOptions.MostBackends} with those that still wait for answers: change fewer at a time, or wait";
        }

        if (_pools.ProblemWith(next.AllPools.Select(pool => pool.Name)) is { Length: > 0 } problem)
        {
            yield return $"{problem}: name fewer, or restart the process";
        }
    }

    private void Apply(ProxyOptions next, PreparedSettings prepared)
    {
        PoolContents[] before = [.. Enumerable.Range(0, _pools.Count).Select(ContentsOf)];
        BackendView[] going = [.. prepared.Backends.Going];
        ProxyOptions options = next with { Frontends = prepared.Frontends.Next };
        _options = options;
        _clientLimits.Use(options.ClientLimits);
        _backendTls.Use(options);
        PostToAll(shard => shard.Use(options));
        if (!next.Acl.Equals(Acl))
        {
            Use(next.Acl);
        }

        Arrange(prepared.Backends, prepared.BackendContexts);
        Arrange(next, before);
        UseCaches(next.AllPools, prepared.Caches);
        UseRules(options, prepared.RuleLogs);
        Arrange(prepared);
        Array.ForEach(going, Part);
        _backendWatch.Look();
        _log.SettingsApplied(prepared.Backends.Coming.Length, going.Length);
    }

    /// <summary>Has the frontends that are planned; the pools that they name are there.</summary>
    private void Arrange(PreparedSettings prepared)
    {
        FrontendPlan plan = prepared.Frontends;
        var coming = new List<SharedFrontend>();
        var present = new SharedFrontend[plan.Next.Length];
        for (int i = 0; i < present.Length; i++)
        {
            if (plan.Kept[i] is { } kept)
            {
                present[i] = kept;
                Adapt(kept, plan.Next[i], prepared.FrontendContexts[i]);
            }
            else
            {
                present[i] = new SharedFrontend(_frontends.FreeSlot(coming), plan.Next[i], _shards.Length);
                coming.Add(present[i]);
                if (prepared.FrontendContexts[i] is { } contexts)
                {
                    Keep(present[i], contexts);
                }

                _log.FrontendChanged(plan.Next[i].Flag, "is answered from now on");
            }
        }

        _tickets.Keep(prepared.Tickets);
        _frontends.Arrange(present);
        Open([.. coming], prepared.Sockets);
        Array.ForEach(plan.Going, Close);
    }

    private void Adapt(SharedFrontend frontend, FrontendOptions next, FrontendContexts? contexts)
    {
        int pool = _pools.NumberOf(next.Pool);
        if (next != frontend.Options)
        {
            frontend.Options = next;
            PostToAll(shard => shard.Edit(frontend, next, pool));
            _log.FrontendChanged(next.Flag, "has other settings");
        }

        if (contexts is not null)
        {
            Present(frontend, contexts);
        }
    }

    /// <summary>Has the backends that are planned, new ones in no pool yet; those that go are on the list no longer, but still in their pools.</summary>
    private void Arrange(BackendPlan plan, BackendContexts?[] contexts)
    {
        int coming = 0;
        var present = new BackendView[plan.Next.Count];
        for (int i = 0; i < present.Length; i++)
        {
            present[i] = plan.Kept[i] ?? Add(plan.Next[i], contexts[coming++]!);
            Adapt(present[i], plan.Next[i], plan.Before[i]);
        }

        _backends.Arrange(present);
    }

    private BackendView Add(BackendOptions options, BackendContexts contexts)
    {
        var backend = new BackendView(new SharedBackend(_backends.FreeSlot, options, _shards.Length));
        Add(backend, contexts, inPools: []);
        _log.BackendAdded(options.Name);
        return backend;
    }

    /// <summary>Brings a backend to its settings.</summary>
    /// <param name="backend">The backend, new or not.</param>
    /// <param name="next">Its settings from now on.</param>
    /// <param name="before">The one it is or replaces; null for none.</param>
    private void Adapt(BackendView backend, BackendOptions next, BackendView? before)
    {
        (HealthCheckMode configured, HealthCheckMode mode) = before is null ? (next.HealthCheckMode, next.HealthCheckMode) : (before.Options.HealthCheckMode, before.Shared.Mode);
        BackendOptions options = next.With(backend.Options) with { Id = backend.Options.Id, Pools = backend.Options.Pools };
        if (options != backend.Options)
        {
            Edit(backend, options);
        }

        // What the operator decided meanwhile stands, also for who replaces that one, unless the settings decide anew.
        HealthCheckMode wanted = next.HealthCheckMode == configured ? mode : next.HealthCheckMode;
        if (wanted != backend.Shared.Mode)
        {
            Force(backend, wanted);
        }

        backend.Pools = [.. next.Pools.Order(StringComparer.Ordinal)];
    }

    /// <summary>Has the pools that are wanted, with the members that are there now.</summary>
    private void Arrange(ProxyOptions next, PoolContents[] before)
    {
        IReadOnlyList<PoolOptions> pools = next.AllPools;
        _pools.Policy = next.Policy;
        foreach (PoolOptions pool in pools)
        {
            _pools.SetPolicy(EnsurePool(pool.Name), pool.Policy);
        }

        _pools.Keep(pools.Select(static pool => pool.Name).ToHashSet());
        for (int number = 0; number < _pools.Count; number++)
        {
            Arrange(number, number < before.Length ? before[number] : PoolContents.None, ContentsOf(number));
        }
    }

    private void Arrange(int number, PoolContents before, PoolContents now)
    {
        int[] slots = now.Slots;
        if (!slots.SequenceEqual(before.Slots))
        {
            PostToAll(shard => shard.Fill(number, slots));
        }

        bool isSharedOutAnew = now.Policy == PolicyKind.ConsistentHash && !now.Members.SequenceEqual(before.Members);
        if (now.Policy != before.Policy || isSharedOutAnew)
        {
            Use(number);
        }
    }

    private PoolContents ContentsOf(int number) => new(
        _pools.PolicyOf(_pools[number]),
        [.. MembersOf(_pools[number].Name).Select(static backend => (backend.Shared.Slot, backend.Name, backend.Options.Weight))]);

    /// <summary>A pool's way to choose, and by what names are shared out to its members.</summary>
    private sealed record PoolContents(PolicyKind? Policy, (int Slot, string Name, int Weight)[] Members)
    {
        /// <summary>What there is of a pool that there was not.</summary>
        public static PoolContents None { get; } = new(null, []);

        public int[] Slots => Array.ConvertAll(Members, static member => member.Slot);
    }
}
