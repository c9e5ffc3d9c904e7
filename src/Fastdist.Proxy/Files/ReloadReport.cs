using System;
using System.Collections.Generic;
using Fastdist.Tls;

namespace Fastdist.Proxy.Files;

/// <summary>What could not be loaded, each thing for itself: one that fails holds no other back.</summary>
internal sealed class ReloadReport
{
    private readonly List<string> _problems = [];

    /// <summary>Why things could not be renewed, each naming its own.</summary>
    public IReadOnlyList<string> Problems => _problems;

    /// <summary>Notes what else is wrong.</summary>
    public void Add(IEnumerable<string> problems) => _problems.AddRange(problems);

    /// <summary>Makes one thing anew.</summary>
    /// <param name="where">Names it before what was wrong; empty when that does.</param>
    /// <param name="renew">Makes it.</param>
    /// <returns>Null when that failed, which is noted.</returns>
    public T? Try<T>(string where, Func<T> renew)
        where T : class
    {
        try
        {
            return renew();
        }
        catch (TlsConfigurationException exception)
        {
            _problems.Add(where.Length > 0 ? $"{where}: {exception.Message}" : exception.Message);
            return null;
        }
    }
}
