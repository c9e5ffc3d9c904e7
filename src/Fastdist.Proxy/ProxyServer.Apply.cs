using System;
using System.Collections.Generic;
using System.Linq;
using Fastdist.Proxy.Backends;
using Fastdist.Proxy.Files;
using Fastdist.Proxy.Views;
using Fastdist.Settings;

namespace Fastdist.Proxy;

/// <summary>Other settings for the running proxy: all of them are applied, or none.</summary>
public sealed partial class ProxyServer
{
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
                    Backends = [.. Backends.Select(BackendPlan.Known)],
                    Pools = [.. _pools.All.Where(pool => pool.Name != PoolOptions.Default || pool.Policy is not null)],
                    Policy = _pools.Policy,
                    Acl = Acl,
                };
            }
        }
    }

    /// <summary>
    /// Goes by other settings from now on. What they name is loaded first; then what is the same as before stays as it is, with connections and counters, what
    /// can be edited is, and what else differs is replaced, nothing in flight being lost. Changes that other threads make are made before or after all of it.
    /// </summary>
    /// <param name="next">All settings, as for <see cref="Bind"/>.</param>
    /// <param name="problems">Why nothing was changed: a line for each thing, which says what to do.</param>
    /// <returns>False when nothing was changed.</returns>
    public bool TryApply(ProxyOptions next, out IReadOnlyList<string> problems)
    {
        lock (_reading)
        {
            AwaitDescriptors();
            while (TryPrepare(next, out BackendPlan plan, out BackendContexts?[] contexts, out problems))
            {
                lock (_control)
                {
                    // Somebody may have added or removed a backend while files were read.
                    if (!_isDisposed && plan.Present == _backends.Present)
                    {
                        Apply(next, plan, contexts);
                        return true;
                    }
                }

                Discard(contexts);
            }

            return false;
        }
    }

    /// <summary>Finds out what would change, and loads what that needs.</summary>
    /// <returns>False when something is wrong, and nothing is loaded.</returns>
    private bool TryPrepare(ProxyOptions next, out BackendPlan plan, out BackendContexts?[] contexts, out IReadOnlyList<string> problems)
    {
        var report = new ReloadReport();
        lock (_control)
        {
            ForgetGone();
            plan = new BackendPlan(_backends.Present, next.Backends);
            report.Add(_isDisposed ? ["the process is stopping"] : [.. FixedSettings.Problems(_options, next), .. plan.Problems(_options.Shards), .. ProblemsOfNumber(next, plan)]);
        }

        contexts = _backendTls.Renew(plan.Coming, report);
        problems = report.Problems;
        if (problems.Count > 0)
        {
            Discard(contexts);
        }

        return problems.Count == 0;
    }

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

    private static void Discard(BackendContexts?[] contexts) => Array.ForEach(contexts, static one => one?.Discard());

    private void Apply(ProxyOptions next, BackendPlan plan, BackendContexts?[] contexts)
    {
        PoolContents[] before = [.. Enumerable.Range(0, _pools.Count).Select(ContentsOf)];
        BackendView[] going = [.. plan.Going];
        ProxyOptions options = next with { Frontends = _options.Frontends };
        _options = options;
        PostToAll(shard => shard.Use(options));
        if (!next.Acl.Equals(Acl))
        {
            Use(next.Acl);
        }

        Arrange(plan, contexts);
        Arrange(next, before);
        Array.ForEach(going, Part);
        _backendWatch.Look();
        _log.SettingsApplied(plan.Coming.Length, going.Length);
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
