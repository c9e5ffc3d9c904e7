using System.Net;
using System.Threading.Tasks;

namespace Fastdist.Integration.Tests.Harness;

/// <summary>The responder that ships with fastdist, over plain TCP: it is there again within milliseconds of its start.</summary>
internal sealed class ResponderBackend : Daemon
{
    private ResponderBackend(string name, IPEndPoint endPoint)
        : base(name, endPoint, [Repository.Built("fastdist-responder"), "--tcp", $"{endPoint}"], network: null)
    {
    }

    public override bool IsPlain => true;

    public static async Task<ResponderBackend> StartAsync(string name)
    {
        var backend = new ResponderBackend(name, Ports.Next());
        await backend.StartAsync();
        return backend;
    }
}
