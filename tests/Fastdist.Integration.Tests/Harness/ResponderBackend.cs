using System.Net;
using System.Threading.Tasks;

namespace Fastdist.Integration.Tests.Harness;

/// <summary>The responder that ships with fastdist, over plain TCP and UDP: it is there again within milliseconds of its start.</summary>
internal sealed class ResponderBackend : Daemon
{
    private ResponderBackend(string name, IPEndPoint endPoint, string transport)
        : base(name, endPoint, [Repository.Built("fastdist-responder"), "--tcp", $"{endPoint}", "--udp", $"{endPoint}"], network: null) => Transport = transport;

    public override string Transport { get; }

    public static async Task<ResponderBackend> StartAsync(string name, string transport)
    {
        var backend = new ResponderBackend(name, Ports.Next(), transport);
        await backend.StartAsync();
        return backend;
    }
}
