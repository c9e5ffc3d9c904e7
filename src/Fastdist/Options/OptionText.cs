using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using Fastdist.Settings;
using Fastdist.Settings.Tables;

namespace Fastdist.Options;

/// <summary>The option tables as text: <c>--help</c> and the README's reference.</summary>
internal static class OptionText
{
    private const string Usage = """
        fastdist answers DNS queries over UDP, TCP, TLS and HTTPS by asking backends over DNS-over-TLS.

        Start it with an address to answer on and a backend to ask:
          fastdist --local 127.0.0.1:5300 --server 192.0.2.1:853,subjectName=dot.example.net

        Then ask it:        kdig @127.0.0.1 -p 5300 example.net
        Check settings:     fastdist --check-config ...
        Its console:        fastdist -c   (of one with --control-socket)
        All options:        fastdist --help
        """;

    public static void WriteUsage(TextWriter writer) => writer.WriteLine(Usage);

    public static void WriteHelp(TextWriter writer)
    {
        writer.WriteLine("Usage: fastdist [options] [ADDR[:PORT][,option=value...]]...   (positional words are backends, as in --server)\n");
        WriteSection(writer, "Options", ProcessOptionTable.Table.Entries.Select(e => (Flag(e), Describe(e.Text, e.Unit, e.Default))));
        writer.WriteLine("  -V, --version                     print version and features");
        writer.WriteLine("  -h, --help                        print this");
        WriteSection(writer, "\nOptions of a frontend (--local ADDR[:PORT],option=value...)",
            FrontendOptionTable.Table.Entries.Select(e => ($"{e.Name}={e.Value}", Describe(e.Text, e.Unit, e.Default))));
        WriteSection(writer, "\nOptions of a TLS frontend (--tls-local ADDR[:PORT],cert=FILE,key=FILE,option=value...)",
            TlsFrontendOptionTable.Table.Entries.Select(e => ($"{e.Name}={e.Value}", Describe(e.Text, e.Unit, e.Default))));
        WriteSection(writer, "\nOptions of an HTTPS frontend (--doh-local ADDR[:PORT][,cert=FILE,key=FILE],option=value...), besides those of a TLS frontend",
            DohFrontendOptionTable.Own.Select(e => ($"{e.Name}={e.Value}", Describe(e.Text, e.Unit, e.Default))));
        WriteSection(writer, "\nOptions of a backend (--server ADDR[:PORT],option=value...)",
            BackendOptionTable.Table.Entries.Select(e => ($"{e.Name}={e.Value}", Describe(e.Text, e.Unit, e.Default))));
        WriteSection(writer, "\nOptions of a pool (--pool NAME,option=value...)",
            PoolOptionTable.Table.Entries.Select(e => ($"{e.Name}={e.Value}", Describe(e.Text, e.Unit, e.Default))));
    }

    /// <summary>Markdown tables, as the README holds them.</summary>
    public static void WriteReference(TextWriter writer)
    {
        WriteTable(writer, "Flags", ProcessOptionTable.Table.Entries.Select(e => (Flag(e).Trim(), e.Default, e.Unit, e.Text)));
        WriteTable(writer, "Frontend options (`--local ADDR[:PORT],option=value...`)", FrontendOptionTable.Table.Entries.Select(e => ($"{e.Name}={e.Value}", e.Default, e.Unit, e.Text)));
        WriteTable(writer, "TLS frontend options (`--tls-local ADDR[:PORT],cert=FILE,key=FILE,option=value...`)", TlsFrontendOptionTable.Table.Entries.Select(e => ($"{e.Name}={e.Value}", e.Default, e.Unit, e.Text)));
        WriteTable(writer, "HTTPS frontend options (`--doh-local ADDR[:PORT][,cert=FILE,key=FILE],option=value...`), besides those of a TLS frontend", DohFrontendOptionTable.Own.Select(e => ($"{e.Name}={e.Value}", e.Default, e.Unit, e.Text)));
        WriteTable(writer, "Backend options (`--server ADDR[:PORT],option=value...`)", BackendOptionTable.Table.Entries.Select(e => ($"{e.Name}={e.Value}", e.Default, e.Unit, e.Text)));
        WriteTable(writer, "Pool options (`--pool NAME,option=value...`)", PoolOptionTable.Table.Entries.Select(e => ($"{e.Name}={e.Value}", e.Default, e.Unit, e.Text)));
    }

    private static string Flag(OptionEntry<ProcessOptions> entry)
    {
        string letter = entry.Short == 0 ? "    " : $"-{entry.Short}, ";
        string value = entry.Value.Replace("[,option=value...]", ",...", StringComparison.Ordinal);
        return $"{letter}--{entry.Name}{(entry.IsSwitch ? "" : " " + value)}";
    }

    private static string Describe(string text, string unit, string value)
    {
        string amount = unit switch
        {
            "s" => "seconds ",
            "ms" => "milliseconds ",
            "us" => "microseconds ",
            "" => "",
            _ => unit + " ",
        };
        return value.Length == 0 ? amount + text : $"{amount}{text} (default {value})";
    }

    private static void WriteSection(TextWriter writer, string title, IEnumerable<(string Name, string Text)> rows)
    {
        const int Column = 34;
        writer.WriteLine($"{title}:");
        foreach ((string name, string text) in rows)
        {
            string left = $"  {name}";
            writer.WriteLine(left.Length < Column + 2 ? $"{left.PadRight(Column + 2)}{text}" : $"{left}\n{new string(' ', Column + 2)}{text}");
        }
    }

    private static void WriteTable(TextWriter writer, string title, IEnumerable<(string Name, string Default, string Unit, string Text)> rows)
    {
        writer.WriteLine($"### {title}\n\n| option | default | unit | meaning |\n|---|---|---|---|");
        foreach ((string name, string value, string unit, string text) in rows)
        {
            writer.WriteLine($"| `{name.Replace("|", "\\|", StringComparison.Ordinal)}` | {value} | {unit} | {text} |");
        }

        writer.WriteLine();
    }
}
