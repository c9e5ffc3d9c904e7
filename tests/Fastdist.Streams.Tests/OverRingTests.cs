using System;
using System.Collections.Generic;
using System.ComponentModel;
using System.Diagnostics;
using System.Net;
using Fastdist.Ring;
using Fastdist.Shared;
using Fastdist.Tls;
using Xunit;

namespace Fastdist.Streams.Tests;

/// <summary>Both ends of a connection on one real ring: what one says the other says back.</summary>
public class OverRingTests
{
    private const int Messages = 2000;

    [Theory]
    [InlineData(RingMode.IoUring, Transport.Plain)]
    [InlineData(RingMode.IoUring, Transport.OpenSsl)]
    [InlineData(RingMode.IoUring, Transport.SslStream)]
    [InlineData(RingMode.Epoll, Transport.Plain)]
    [InlineData(RingMode.Epoll, Transport.OpenSsl)]
    [InlineData(RingMode.Epoll, Transport.SslStream)]
    public void Bytes_go_there_and_back_through_pauses_and_end_in_order(RingMode mode, Transport transport)
    {
        using var loop = new EchoLoop(mode, transport);
        byte[] bytes = SendingTests.Filled(1 << 18);

        loop.Say(bytes);
        loop.Until(() => loop.Heard.Count == bytes.Length);
        Assert.Equal(bytes, loop.Heard);
        Assert.True(loop.Pauses > 0, "nobody was ever paused");
        loop.Finish();

        loop.Until(() => loop.Closed == 2);
    }

    [Theory]
    [InlineData(RingMode.IoUring, Transport.Plain)]
    [InlineData(RingMode.IoUring, Transport.OpenSsl)]
    [InlineData(RingMode.Epoll, Transport.Plain)]
    [InlineData(RingMode.Epoll, Transport.OpenSsl)]
    public void A_message_there_and_back_allocates_nothing(RingMode mode, Transport transport)
    {
        using var loop = new EchoLoop(mode, transport);
        Allocations.AssertNone(() => loop.SayOften(Messages));
    }

    /// <summary>A client and a server, each with its stream.</summary>
    private sealed class EchoLoop : IRingHandler, IDisposable
    {
        private const uint Client = 0;
        private const uint Server = 1;
        private const int PatienceMs = 60_000;
        private const int Bound = 64 * 1024;

        private readonly Ring.Ring _ring = null!;
        private readonly StreamMemory _memory = new(End.BufferSize, End.LargestPiece);
        private readonly Contexts? _contexts;
        private readonly RingStream[] _streams;
        private readonly bool[] _isShaking = new bool[2];
        private readonly bool[] _isEnding = new bool[2];
        private readonly bool[] _isClosed = new bool[2];
        private byte[] _rest = [];
        private int _joined;
        private bool _isLingering;
        private long _heard;

        public EchoLoop(RingMode mode, Transport transport)
        {
            try
            {
                _ring = RingFactory.Create(mode, new RingOptions { ClientBuffers = 64, BackendBuffers = 16 }, this, out _);
            }
            catch (Win32Exception refused) when (mode == RingMode.IoUring)
            {
                Assert.Skip(refused.Message);
            }

            _streams = [new RingStream(_memory) { Coalesces = true }, new RingStream(_memory) { Coalesces = true }];
            int listener = Sockets.Listen(new(new IPEndPoint(IPAddress.Loopback, 0)), 1);
            Ring.SocketAddress address = Sockets.GetLocal(listener);
            _ring.AddListener(listener, tag: 0);
            _streams[Client].Begin(_ring, _ring.Connect(Sockets.OpenStream(in address, Departure.Any), in address, Client, StreamClass.Backend));
            Until(() => _joined == 2);
            if (transport != Transport.Plain)
            {
                _contexts = new Contexts(transport == Transport.SslStream ? TlsProvider.SslStream : TlsProvider.OpenSsl);
                _isShaking[Client] = _isShaking[Server] = true;
                _streams[Client].Secure(_contexts.Client.CreateSession());
                _streams[Server].Secure(_contexts.Server.CreateSession());
                Received(Client, default, default);
                Flush();
                Until(() => !_isShaking[Client] && !_isShaking[Server]);
            }
        }

        /// <summary>What came back; empty when only the length is kept.</summary>
        public List<byte> Heard { get; } = [];

        public int Pauses { get; private set; }

        public int Closed { get; private set; }

        public void Say(byte[] bytes)
        {
            _rest = bytes;
            SayMore();
            Flush();
        }

        /// <summary>Says a short message so many times, each when the last has come back.</summary>
        public void SayOften(int count)
        {
            for (int i = 0; i < count; i++)
            {
                Heard.Clear();
                long heard = _heard;
                _streams[Client].TryReserve(40, out Span<byte> room);
                room.Fill(1);
                _streams[Client].TryAdd(40);
                Flush();
                while (_heard < heard + 40)
                {
                    Turn();
                }
            }
        }

        public void Finish() => _isEnding[Client] = true;

        public void Until(Func<bool> condition)
        {
            var time = Stopwatch.StartNew();
            while (!condition())
            {
                Assert.True(time.ElapsedMilliseconds < PatienceMs, "it did not come to it in time");
                Turn();
            }
        }

        public int Received(uint tag, StreamHandle handle, ReadOnlySpan<byte> data)
        {
            int given = data.Length;
            RingStream stream = _streams[tag];
            if (tag == Client && _isLingering)
            {
                return given;
            }

            if (_isShaking[tag])
            {
                StreamStatus status = stream.Handshake(ref data);
                Assert.NotEqual(StreamStatus.Failed, status);
                _isShaking[tag] = status == StreamStatus.Dry;
            }

            if (!_isShaking[tag])
            {
                Take(tag, ref data);
            }

            return given - data.Length;
        }

        public void ReceiveEnded(uint tag, StreamHandle handle, int errno)
        {
            Assert.Equal(0, errno);
            _isEnding[tag] = true;
            if (tag == Client)
            {
                Close(Client);
            }
        }

        public void Sent(uint tag, StreamHandle handle, int errno)
        {
            Assert.True(errno == 0, "a send failed");
            _streams[tag].Sent(errno, 0);
        }

        void IRingHandler.Closed(uint tag)
        {
            Closed++;
            _streams[tag].Release();
        }

        public void Accepted(int listenerTag, int descriptor)
        {
            _streams[Server].Begin(_ring, _ring.Adopt(descriptor, Server, StreamClass.Client));
            _joined++;
        }

        public void ListenerClosed(int listenerTag)
        {
        }

        public void DatagramReceived(int socketTag, ReadOnlySpan<byte> payload, in DatagramRoute route, bool truncated)
        {
        }

        public void Connected(uint tag, StreamHandle stream, int errno) => _joined++;

        public void Woken()
        {
        }

        public void Dispose()
        {
            _ring.Dispose();
            Array.ForEach(_streams, static stream => stream.Release());
            Assert.Equal((0, 0), (_memory.BuffersTaken, _memory.OutputBytes));
            _memory.Dispose();
            _contexts?.Dispose();
        }

        private void Turn()
        {
            _ring.Turn(256, timeout: 2);
            Flush();
        }

        private void Flush()
        {
            SayMore();
            for (uint tag = Client; tag <= Server; tag++)
            {
                RingStream stream = _streams[tag];
                if (_isClosed[tag] || (tag == Client && (_isLingering || _joined < 2)))
                {
                    continue;
                }

                Assert.True(stream.TryFlush(0, out _));
                if (stream.IsPaused && stream.Gathered < Bound)
                {
                    ReadOnlySpan<byte> nothing = default;
                    stream.Unpause();
                    Take(tag, ref nothing);
                    stream.Resume();
                }

                if (_isEnding[tag] && stream.TryFinish(0))
                {
                    Leave(tag, stream);
                }
            }
        }

        private void Leave(uint tag, RingStream stream)
        {
            if (tag == Server)
            {
                Close(Server);
                return;
            }

            // The other end is to have its say before the socket goes.
            _isLingering = true;
            stream.Linger();
        }

        private void Close(uint tag)
        {
            _isClosed[tag] = true;
            _streams[tag].Close();
        }

        private void SayMore()
        {
            while (_rest.Length > 0 && _streams[Client].Gathered < Bound)
            {
                int length = Math.Min(_rest.Length, 1500);
                Assert.True(_streams[Client].TryReserve(length, out Span<byte> room));
                _rest.AsSpan(0, length).CopyTo(room);
                Assert.True(_streams[Client].TryAdd(length));
                _rest = _rest[length..];
            }
        }

        private void Take(uint tag, ref ReadOnlySpan<byte> data)
        {
            RingStream stream = _streams[tag];
            StreamStatus status = StreamStatus.More;
            while (status == StreamStatus.More && !stream.IsPaused)
            {
                status = stream.Open(ref data, out ReadOnlySpan<byte> opened);
                int taken = tag == Client ? Hear(opened) : Echo(stream, opened);
                stream.Keep(opened[taken..]);
                _isEnding[tag] |= status == StreamStatus.Ended && !stream.IsPaused;
            }
        }

        private int Hear(ReadOnlySpan<byte> bytes)
        {
            _heard += bytes.Length;
            Heard.AddRange(bytes);
            return bytes.Length;
        }

        private int Echo(RingStream stream, ReadOnlySpan<byte> bytes)
        {
            // Less than there is, so that some has to be kept.
            int length = Math.Min(bytes.Length, 1000);
            if (length == 0)
            {
                return 0;
            }

            Assert.True(stream.TryReserve(length, out Span<byte> room));
            bytes[..length].CopyTo(room);
            Assert.True(stream.TryAdd(length));
            if (length < bytes.Length)
            {
                Pauses++;
                stream.Pause();
            }

            return length;
        }
    }
}
