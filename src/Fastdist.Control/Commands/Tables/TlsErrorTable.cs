using System;
using System.Collections.Generic;
using System.Linq;
using Fastdist.Control.Figures;
using Fastdist.Proxy.Counters;
using Fastdist.Proxy.Views;
using Fastdist.Tls;

namespace Fastdist.Control.Commands.Tables;

/// <summary>
/// <c>showTLSErrorCounters()</c>: why handshakes failed. dnsdist's eight reasons, then in one more column every other
/// one that occurred, as <c>reason=number</c>.
/// </summary>
internal static class TlsErrorTable
{
    private static readonly (string Name, Func<FrontendCounters, long> Read)[] s_others =
    [
        .. from failure in Enum.GetValues<TlsFailure>()
           where failure != TlsFailure.None && !Array.Exists(TlsReasons.All, reason => reason.Failure == failure)
           select (TlsFailures.NameOf(failure), new Func<FrontendCounters, long>(c => c.HandshakeFailures[(int)failure])),
        ("closed", c => c.HandshakesClosed),
        ("reset", c => c.HandshakesReset),
        ("timed-out", c => c.HandshakesTimedOut),
        ("rate-limited", c => c.HandshakesRateLimited),
    ];

    public static string Print(IEnumerable<FrontendView> frontends)
    {
        var table = new TextTable([
            new("#", 3), new("Address", 20) { IsCut = true }, .. TlsReasons.All.Select(reason => new Column(reason.Heading, 23)), new("Other reasons")]);
        int index = 0;
        foreach (FrontendView frontend in frontends.Where(f => f.IsTls))
        {
            table.AddRow([
                TextTable.Number(index++), frontend.Address,
                .. TlsReasons.All.Select(reason => TextTable.Number(frontend.Sum(c => c.HandshakeFailures[(int)reason.Failure]))), Others(frontend)]);
        }

        return $"{table}\n";
    }

    private static string Others(FrontendView frontend)
    {
        IEnumerable<string> occurred = from other in s_others
                                       let count = frontend.Sum(other.Read)
                                       where count > 0
                                       select $"{other.Name}={TextTable.Number(count)}";
        string text = string.Join(' ', occurred);
        return text.Length > 0 ? text : "-";
    }
}
