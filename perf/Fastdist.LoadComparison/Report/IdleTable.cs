using System.Globalization;
using System.Text;
using Fastdist.LoadComparison.Parts;

namespace Fastdist.LoadComparison.Report;

/// <summary>Idle connections: a row for each proxy.</summary>
internal static class IdleTable
{
    public static void Write(StringBuilder text, int connections, (string Peer, IdleSample Sample)[] rows)
    {
        text.AppendLine(CultureInfo.InvariantCulture, $"### {connections} idle DoT connections");
        text.AppendLine();
        text.AppendLine("| proxy | kB/connection | RSS MB before | RSS MB with them | CPU ms/s | opened | answered afterwards |");
        text.AppendLine("|---|---|---|---|---|---|---|");
        foreach (var (peer, sample) in rows)
        {
            text.Append(CultureInfo.InvariantCulture, $"| {peer} | {sample.KilobytesEach:f1} | {sample.MegabytesBefore:f0} | {sample.MegabytesAfter:f0} ");
            text.AppendLine(CultureInfo.InvariantCulture, $"| {sample.IdleCpu * 1000:f0} | {sample.Opened} | {sample.AnsweredAfterwards} |");
        }
        text.AppendLine();
    }
}
