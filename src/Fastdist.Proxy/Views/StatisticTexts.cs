using System;

namespace Fastdist.Proxy.Views;

/// <summary>What each figure of <see cref="GlobalStatistics"/> means, in a line.</summary>
internal static class StatisticTexts
{
    /// <summary>The line for a name.</summary>
    public static string Of(string name) => name switch
    {
        "acl-drops" => "Datagrams and connections of clients that the ACL does not admit.",
        "queries" => "Messages received from clients that the ACL admits.",
        "responses" => "Answers sent to clients, our own included.",
        "cache-hits" => "Queries answered from a packet cache.",
        "cache-misses" => "Queries that the packet cache of their pool had no answer for.",
        "rdqueries" => "Queries sent on to backends that want recursion (RD).",
        "empty-queries" => "Queries without a question.",
        "noncompliant-queries" => "Messages from clients that were no query.",
        "noncompliant-responses" => "Messages from backends that were no answer.",
        "self-answered" => "Queries that we answered ourselves: FORMERR, NOTIMP, REFUSED or SERVFAIL.",
        "no-policy" => "Queries that no backend was up for.",
        "downstream-timeouts" => "Queries that no backend answered in time.",
        "downstream-send-errors" => "Connections to backends that broke while queries were being sent.",
        "frontend-noerror" => "Answers to clients with NOERROR.",
        "frontend-nxdomain" => "Answers to clients with NXDOMAIN.",
        "frontend-servfail" => "Answers to clients with SERVFAIL, our own included.",
        "servfail-responses" => "Answers of backends with SERVFAIL.",
        "trunc-failures" => "UDP answers too large to send that could not be cut either.",
        "dropped-overload" => "UDP queries dropped because there was no room for them.",
        "lost-responses" => "Answers whose client had gone when they came.",
        "proxy-protocol-invalid" => "Connections of load balancers that did not begin with a PROXY header.",
        "latency-slow" => "Answers that took more than a second.",
        "latency-count" => "Answers of backends whose latency was measured.",
        "latency-sum" => "Sum of their latencies, milliseconds.",
        "cpu-user-msec" => "CPU time of the process in user mode, milliseconds.",
        "cpu-sys-msec" => "CPU time of the process in the kernel, milliseconds.",
        "cpu-iowait" => "Time the machine's processors waited for IO, in ticks of USER_HZ.",
        "cpu-steal" => "Time the machine's host took its processors away, in ticks of USER_HZ.",
        "fd-usage" => "Open file descriptors of the process.",
        "real-memory-usage" => "Resident memory of the process, bytes.",
        "special-memory-usage" => "Memory of the process and its share of what others use too, bytes.",
        "uptime" => "Seconds since the start.",
        "tcp-listen-overflows" => "Connections of the machine that the kernel lost to full accept queues.",
        _ => OfFamily(name),
    };

    private static string OfFamily(string name) =>
        name.StartsWith("latency-", StringComparison.Ordinal) ? $"Moving average of the latency over the last {name[(name.LastIndexOf("avg", StringComparison.Ordinal) + 3)..]} answers, microseconds."
        : name.StartsWith("latency", StringComparison.Ordinal) ? $"Answers that took {name["latency".Length..]} milliseconds."
        : name.StartsWith("udp", StringComparison.Ordinal) ? $"The kernel's count of {name[(name.IndexOf('-', StringComparison.Ordinal) + 1)..]} over UDP{(name[3] == '6' ? " and IPv6" : "")}, whole machine."
        : "Counts what is not here; always 0.";
}
