using System;
using System.Globalization;
using System.Linq;
using System.Text;
using Fastdist.LoadComparison.Parts;
using Fastdist.LoadComparison.Peers;

namespace Fastdist.LoadComparison.Report;

/// <summary>CPU per query as horizontal bars, a group per path and mode, the floor as a line through its group.</summary>
internal sealed class Plot(Settings settings, Results<Series, Sample> results)
{
    private const int Width = 760, Left = 150, Right = 90, BarHeight = 16, BarStep = 24, GroupHead = 34, Top = 52;
    private const double Plotted = Width - Left - Right;

    public override string ToString()
    {
        var groups = settings.Paths.SelectMany(_ => settings.Modes, (path, mode) => (Path: path, Mode: mode))
            .Select(group => (group.Path, group.Mode, Bars: Bars(group.Path, group.Mode))).Where(group => group.Bars.Length > 0).ToArray();
        var greatest = groups.SelectMany(group => group.Bars).Select(bar => bar.Cpu.Greatest).DefaultIfEmpty(1).Max();
        var height = Top + groups.Sum(group => GroupHead + group.Bars.Length * BarStep) + 16;
        var svg = new StringBuilder();
        Line(svg, $"<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {Width} {height}\" width=\"{Width}\" height=\"{height}\" role=\"img\" aria-label=\"CPU microseconds per query of each proxy\">");
        Line(svg, $"<style>{Style}</style>");
        Line(svg, $"<rect class=\"ground\" width=\"{Width}\" height=\"{height}\"/>");
        Line(svg, $"<text class=\"title\" x=\"16\" y=\"28\">CPU microseconds per query (less is better)</text>");
        var y = Top;
        foreach (var (path, mode, bars) in groups)
        {
            y = Group(svg, y, path, mode, bars, Plotted / greatest);
        }
        svg.Append("</svg>\n");
        return svg.ToString();
    }

    private int Group(StringBuilder svg, int y, QueryPath path, LoadMode mode, Bar[] bars, double scale)
    {
        var load = mode == LoadMode.Saturation ? "saturation" : string.Create(CultureInfo.InvariantCulture, $"{settings.Rate} queries/s");
        Line(svg, $"<text class=\"group\" x=\"16\" y=\"{y + 18}\">{path.Title}, {load}</text>");
        var first = y + GroupHead - 4;
        y = first;
        foreach (var (peer, cpu) in bars)
        {
            var middle = y + BarHeight / 2;
            var kind = peer == Floor.PeerName ? "floor" : peer.StartsWith("fastdist", StringComparison.Ordinal) ? "ours" : "peer";
            Line(svg, $"<text class=\"label\" x=\"{Left - 8}\" y=\"{middle + 4}\">{peer}</text>");
            Line(svg, $"<rect class=\"{kind}\" x=\"{Left}\" y=\"{y}\" width=\"{cpu.Median * scale:f1}\" height=\"{BarHeight}\" rx=\"2\"/>");
            Line(svg, $"<path class=\"spread\" d=\"M{Left + cpu.Least * scale:f1} {middle}H{Left + cpu.Greatest * scale:f1}\"/>");
            Line(svg, $"<text class=\"value\" x=\"{Left + cpu.Greatest * scale + 8:f1}\" y=\"{middle + 4}\">{cpu.Median:f1}</text>");
            y += BarStep;
        }
        if (bars.FirstOrDefault(bar => bar.Peer == Floor.PeerName) is { } floor)
        {
            Line(svg, $"<path class=\"line\" d=\"M{Left + floor.Cpu.Median * scale:f1} {first - 4}V{y - BarStep + BarHeight + 4}\"/>");
        }
        return y + 4;
    }

    private Bar[] Bars(QueryPath path, LoadMode mode) => [.. Peer.All
        .Select(peer => (peer.Name, Samples: results[new Series(path, mode, peer.Name)]))
        .Select(entry => (entry.Name, Cpu: Spread.Of(entry.Samples.Select(sample => sample.CpuMicrosecondsPerQuery))))
        .Where(entry => entry.Cpu is not null)
        .Select(entry => new Bar(entry.Name, entry.Cpu!.Value))];

    private static void Line(StringBuilder svg, FormattableString line) => svg.Append(line.ToString(CultureInfo.InvariantCulture)).Append('\n');

    private sealed record Bar(string Peer, Spread Cpu);

    // Without a scheme known to the viewer the light colours hold.
    private const string Style = """
        text{font:13px system-ui,sans-serif;fill:#1f2328}.title{font-weight:600;font-size:15px}.group{font-weight:600}
        .label{text-anchor:end}.ground{fill:#ffffff}.ours{fill:#0969da}.peer{fill:#8c959f}.floor{fill:#2da44e}
        .spread{stroke:#1f2328;stroke-width:1.5}.line{stroke:#2da44e;stroke-width:1.5;stroke-dasharray:4 3;fill:none}
        @media(prefers-color-scheme:dark){text{fill:#e6edf3}.ground{fill:#0d1117}.ours{fill:#4493f8}.peer{fill:#6e7681}
        .floor{fill:#3fb950}.spread{stroke:#e6edf3}.line{stroke:#3fb950}}
        """;
}
