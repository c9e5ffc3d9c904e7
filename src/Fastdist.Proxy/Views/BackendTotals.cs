using System.Collections.Generic;
using System.Linq;

namespace Fastdist.Proxy.Views;

/// <summary>What the process's figures remember of backends that are gone: a counter must not fall.</summary>
/// <param name="NoncompliantResponses">Messages that were no answer.</param>
/// <param name="DiedSendingQuery">Connections that broke while queries were being sent.</param>
internal readonly record struct BackendTotals(long NoncompliantResponses, long DiedSendingQuery)
{
    /// <summary>These and what some backends counted.</summary>
    public BackendTotals Plus(IReadOnlyCollection<BackendView> backends) => new(
        NoncompliantResponses + backends.Sum(b => b.Sum(static c => c.NoncompliantResponses)),
        DiedSendingQuery + backends.Sum(b => b.Sum(static c => c.DiedSendingQuery)));
}
