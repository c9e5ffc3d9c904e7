using Fastdist.LoadComparison.Backends;

namespace Fastdist.LoadComparison.Peers;

/// <summary>dnsdist with out-of-order answers on both sides, which its defaults leave off.</summary>
internal sealed class Dnsdist : Peer
{
    public override string Name => "dnsdist";

    public override string? Version(Settings settings) => FirstLine("dnsdist", "--version");

    public override Child Start(Settings settings, Backend backend, Frontend frontend)
    {
        var address = $"127.0.0.1:{frontend.Port}";
        var listen = frontend.Path == QueryPath.Doh
            ? $"""addDOHLocal("{address}", "{frontend.Certificate.File}", "{frontend.Certificate.KeyFile}", "/dns-query")"""
            : frontend.Path == QueryPath.Dot
            ? $$"""addTLSLocal("{{address}}", "{{frontend.Certificate.File}}", "{{frontend.Certificate.KeyFile}}", {maxInFlight=100})"""
            : $$"""setLocal("{{address}}", {maxInFlight=100})""";
        // The time to read a query is also how long a client may be idle.
        var patience = frontend.IdleConnections == 0 ? "" : "setTCPRecvTimeout(3600)";
        var configuration = settings.Write("dnsdist.conf", $$"""
            setSecurityPollSuffix("")
            setMaxTCPClientThreads(2)
            {{patience}}
            {{listen}}
            newServer{address="127.0.0.1:{{backend.DotPort}}", tls="openssl", subjectName="{{Backend.HostName}}",
              caStore="{{backend.AuthorityFile}}", validateCertificates=true, maxInFlight=100, checkName="{{NameSet.First}}."}

            """);
        return Child.Start("dnsdist", "-C", configuration, "--supervised", "--disable-syslog");
    }
}
