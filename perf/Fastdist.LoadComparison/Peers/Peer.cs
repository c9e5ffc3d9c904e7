using System;
using System.Linq;
using Fastdist.LoadComparison.Backends;

namespace Fastdist.LoadComparison.Peers;

/// <summary>A proxy to measure: how it is built, configured and started.</summary>
internal abstract class Peer
{
    /// <summary>In the order of the tables.</summary>
    public static readonly Peer[] All =
    [
        new NoProxy(), new Floor(), new FastdistPeer("defaults"), new FastdistPeer("io_uring", "--io", "io_uring", "--shards", "1"),
        new FastdistPeer("epoll", "--io", "epoll", "--shards", "1"), new Dnsdist(Release.Installed), new Dnsdist(Release.Newer), new Unbound(Release.Installed), new Unbound(Release.Newer),
    ];

    public abstract string Name { get; }

    /// <summary>Whether the command line wants it: a newer release has to be brought along.</summary>
    public virtual bool IsAskedFor(Settings settings) => true;

    /// <summary>Null when it cannot be measured here; <see cref="Remedy"/> says what is missing.</summary>
    public abstract string? Version(Settings settings);

    public virtual string Remedy => "run tools/install-deps bench";

    /// <summary>Prints `stats` lines at SIGUSR1.</summary>
    public virtual bool CountsTurns => false;

    /// <summary>Whether it can be measured with queries that come in so.</summary>
    public virtual bool Takes(QueryPath path) => true;

    /// <summary>The settings to find the best of, before queries that come in so are measured.</summary>
    public virtual Tuning[] Tunings(QueryPath path) => Tuning.None;

    /// <summary>Built before the first run.</summary>
    public virtual void Prepare(Settings settings)
    {
    }

    public abstract Child Start(Settings settings, Backend backend, Frontend frontend);

    /// <summary>As <see cref="Start"/>, where it is the TLS sessions of clients that are measured.</summary>
    public virtual Child StartForSessions(Settings settings, Backend backend, Frontend frontend) => Start(settings, backend, frontend);

    /// <summary>The peers that the names, or the beginnings of names, choose.</summary>
    public static Peer[] Choose(string[] names)
    {
        foreach (var name in names)
        {
            if (!All.Any(peer => peer.Name.StartsWith(name, StringComparison.Ordinal)))
            {
                throw new ComparisonException($"--peers {name}: not one of {string.Join(", ", All.Select(peer => peer.Name))}");
            }
        }
        return [.. All.Where(peer => names.Any(name => peer.Name.StartsWith(name, StringComparison.Ordinal)))];
    }

    /// <summary>The first line of a program's version, or null when there is no such program.</summary>
    protected static string? FirstLine(string program, params string[] arguments)
    {
        try
        {
            return Child.Output(program, arguments).Split('\n')[0].Trim();
        }
        catch (ComparisonException)
        {
            return null;
        }
    }
}
