using System.Net;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Fastdist.Ring.Interop;
using Xunit;

namespace Fastdist.Ring.Tests;

/// <summary>Structs shared with the kernel have the sizes and offsets of its headers on 64-bit Linux.</summary>
public class AbiTests
{
    [Fact]
    public void Structs_of_io_uring_have_the_kernels_sizes()
    {
        Assert.Equal(64, Unsafe.SizeOf<SubmissionEntry>());
        Assert.Equal(16, Unsafe.SizeOf<CompletionEntry>());
        Assert.Equal(40, Unsafe.SizeOf<QueueOffsets>());
        Assert.Equal(120, Unsafe.SizeOf<SetupParameters>());
        Assert.Equal(24, Unsafe.SizeOf<WaitArgument>());
        Assert.Equal(16, Unsafe.SizeOf<ProvidedBuffer>());
        Assert.Equal(40, Unsafe.SizeOf<ProvidedBufferRegistration>());
        Assert.Equal(16, Unsafe.SizeOf<ResourceUpdate>());
        Assert.Equal(16, Unsafe.SizeOf<ReceivedMessage>());
    }

    [Fact]
    public void Structs_of_sockets_and_epoll_have_the_kernels_sizes()
    {
        Assert.Equal(56, Unsafe.SizeOf<MessageHeader>());
        Assert.Equal(64, Unsafe.SizeOf<MultiMessageHeader>());
        Assert.Equal(16, Unsafe.SizeOf<IoVector>());
        Assert.Equal(16, Unsafe.SizeOf<ControlHeader>());
        Assert.Equal(16, Unsafe.SizeOf<Timespec>());
        Assert.Equal(28, Unsafe.SizeOf<SocketAddress>());
        Assert.Equal(RuntimeInformation.ProcessArchitecture == Architecture.X64 ? 12 : 16, Unsafe.SizeOf<EpollEvent>());
    }

    [Theory]
    [InlineData(nameof(SubmissionEntry.Offset), 8)]
    [InlineData(nameof(SubmissionEntry.Address), 16)]
    [InlineData(nameof(SubmissionEntry.Length), 24)]
    [InlineData(nameof(SubmissionEntry.OpFlags), 28)]
    [InlineData(nameof(SubmissionEntry.UserData), 32)]
    [InlineData(nameof(SubmissionEntry.BufferGroup), 40)]
    public void A_submission_has_its_fields_where_the_kernel_looks(string field, int offset) =>
        Assert.Equal(offset, Marshal.OffsetOf<SubmissionEntry>(field));

    [Theory]
    [InlineData("192.0.2.7:53", 16)]
    [InlineData("[2001:db8::7]:853", 28)]
    [InlineData("[fe80::1%3]:5353", 28)]
    public void An_address_survives_the_way_to_the_kernels_form_and_back(string text, int length)
    {
        IPEndPoint endPoint = IPEndPoint.Parse(text);
        SocketAddress address = SocketAddress.From(endPoint);
        Assert.Equal(length, address.Length);
        Assert.Equal(endPoint, address.ToEndPoint());
        Assert.Equal(endPoint.Port, address.Port);
        Assert.Equal(text, address.ToString());
        Assert.Equal(address, SocketAddress.From(IPEndPoint.Parse(text)));
        Assert.Equal(address.GetHashCode(), SocketAddress.From(IPEndPoint.Parse(text)).GetHashCode());
    }

    [Theory]
    [InlineData("192.0.2.7:53")]
    [InlineData("[2001:db8::7]:853")]
    [InlineData("[2001:db8:0:0:0:ffff:192.0.2.7]:65535")]
    public void An_address_made_of_its_bytes_is_the_one_they_mean(string text)
    {
        IPEndPoint endPoint = IPEndPoint.Parse(text);
        var address = SocketAddress.From(endPoint.Address.GetAddressBytes(), (ushort)endPoint.Port);
        Assert.Equal(SocketAddress.From(endPoint), address);
        Assert.Equal(endPoint, address.ToEndPoint());
    }

    [Fact]
    public void Addresses_differ_by_port_address_scope_and_family()
    {
        string[] texts = ["1.2.3.4:5", "1.2.3.4:6", "1.2.3.5:5", "[::1]:5", "[fe80::1%1]:5", "[fe80::1%2]:5", "[::]:5", "0.0.0.0:5"];
        foreach (string left in texts)
        {
            foreach (string right in texts)
            {
                Assert.Equal(left == right, SocketAddress.From(IPEndPoint.Parse(left)) == SocketAddress.From(IPEndPoint.Parse(right)));
            }
        }
    }
}
