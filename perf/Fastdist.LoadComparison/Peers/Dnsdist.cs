using Fastdist.LoadComparison.Backends;

namespace Fastdist.LoadComparison.Peers;

/// <summary>dnsdist with out-of-order answers on both sides, which its defaults leave off.</summary>
internal sealed class Dnsdist : Peer
{
    public override string Name => "dnsdist";

    public override string? Version(Settings settings) => FirstLine("dnsdist", "--version");

    public override Child Start(Settings settings, Backend backend, QueryPath path, int port)
    {
        var configuration = settings.Write("dnsdist.conf", $$"""
            setSecurityPollSuffix("")
            setMaxTCPClientThreads(2)
            setLocal("127.0.0.1:{{port}}", {maxInFlight=100})
            newServer{address="127.0.0.1:{{backend.DotPort}}", tls="openssl", subjectName="{{Backend.HostName}}",
              caStore="{{backend.AuthorityFile}}", validateCertificates=true, maxInFlight=100, checkName="{{NameSet.First}}."}

            """);
        return Child.Start("dnsdist", "-C", configuration, "--supervised", "--disable-syslog");
    }
}
