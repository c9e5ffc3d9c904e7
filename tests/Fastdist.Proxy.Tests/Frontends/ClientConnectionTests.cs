using System;
using System.Linq;
using System.Net;
using System.Reflection;
using Fastdist.Proxy.Frontends;
using Fastdist.Streams;
using Xunit;
using SocketAddress = Fastdist.Ring.SocketAddress;

namespace Fastdist.Proxy.Tests.Frontends;

[Trait("Row", "A4")]
public class ClientConnectionTests
{
    [Fact]
    public void A_slot_that_is_used_again_is_as_when_it_was_used_first()
    {
        // What the ring and the owner say, and its place among those to flush.
        string[] others = ["Generation", "State", "Stream", "IsDirty"];
        SocketAddress peer = SocketAddress.From(new IPEndPoint(IPAddress.Loopback, 53));
        FieldInfo[] fields = [.. typeof(ClientConnection).GetFields().Where(field => !others.Contains(field.Name))];
        using var streams = new StreamMemory(bufferSize: 16, largestPiece: 16);
        var first = new ClientConnection(0, streams);
        var again = new ClientConnection(0, streams);
        foreach (FieldInfo field in fields.Where(field => field.FieldType.IsPrimitive || field.FieldType.IsEnum))
        {
            field.SetValue(again, field.FieldType.IsEnum ? Enum.ToObject(field.FieldType, 3) : Convert.ChangeType(1, field.FieldType, null));
        }

        first.Reset(frontend: 2, pool: 3, in peer, in peer, isProxied: true, now: 1000);
        again.Reset(frontend: 2, pool: 3, in peer, in peer, isProxied: true, now: 1000);

        Assert.Equal(fields.Select(field => (field.Name, field.GetValue(first))), fields.Select(field => (field.Name, field.GetValue(again))));
    }
}
