using System;
using System.IO;
using System.Net.Sockets;
using System.Text;
using System.Threading.Tasks;

namespace Fastdist.Integration.Tests.Harness;

/// <summary>A service manager's ear (sd_notify(3)).</summary>
internal sealed class ServiceManager : IDisposable
{
    private readonly Socket _socket = new(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);

    public ServiceManager(string path)
    {
        Path = path;
        _socket.Bind(new UnixDomainSocketEndPoint(path));
    }

    public string Path { get; }

    /// <summary>The next message that is not this one.</summary>
    public async Task<string> HeardAsync(string but = "")
    {
        byte[] message = new byte[256];
        while (true)
        {
            int length = await Patience.ForAsync(token => _socket.ReceiveAsync(message, token).AsTask(), "word from fastdist");
            if (Encoding.ASCII.GetString(message, 0, length) is var said && said != but)
            {
                return said;
            }
        }
    }

    public void Dispose()
    {
        _socket.Dispose();
        File.Delete(Path);
    }
}
