using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using Microsoft.Extensions.Logging;

namespace Fastdist.Proxy.Backends;

/// <summary>
/// Says when the last backend that may be asked goes, and when there is one again: of each one alone the log tells already,
/// but not that nothing can be answered any more. Looks when told that something changed, from any thread.
/// </summary>
/// <param name="backends">The backends of the moment.</param>
/// <param name="log">Where it says so.</param>
internal sealed class BackendWatch(Func<IEnumerable<SharedBackend>> backends, ILogger log)
{
    private readonly Lock _lock = new();
    private bool _hadAny = true;

    /// <summary>Looks at all of them.</summary>
    public void Look()
    {
        lock (_lock)
        {
            SharedBackend? usable = backends().FirstOrDefault(backend => backend.IsUsable);
            if (usable is null && _hadAny)
            {
                log.NoBackendLeft();
            }
            else if (usable is not null && !_hadAny)
            {
                log.BackendLeftAgain(usable.Name);
            }

            _hadAny = usable is not null;
        }
    }
}
