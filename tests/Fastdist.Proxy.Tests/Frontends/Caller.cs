using System;
using System.Collections.Generic;
using System.Linq;
using Fastdist.Dns;
using Fastdist.Proxy.Frontends;
using Fastdist.Streams;
using Fastdist.Streams.Tests;
using Fastdist.Tls;
using Xunit;

namespace Fastdist.Proxy.Tests.Frontends;

/// <summary>A client's end of a connection.</summary>
/// <param name="bench">The proxy's side.</param>
/// <param name="connection">The connection there.</param>
/// <param name="wire">What its ring was asked to do with it.</param>
internal sealed class Caller(ClientBench bench, ClientConnection connection, Wire wire) : IDisposable
{
    private readonly End _end = new(new StreamMemory(End.BufferSize, End.LargestPiece), new HandRing());
    private int _sendsOver;
    private bool _isGone;

    public ClientConnection Connection => connection;

    /// <summary>What the proxy's ring was asked to do.</summary>
    public Wire Wire => wire;

    /// <summary>Whether it reads; what is sent to one that does not hangs.</summary>
    public bool Reads { get; set; } = true;

    /// <summary>Whether its session was closed in order, where it has one.</summary>
    public bool IsToldTheEnd => _end.Status == StreamStatus.Ended;

    /// <summary>All it got.</summary>
    public byte[] Bytes => _end.Bytes;

    /// <summary>The DNS messages among it.</summary>
    public List<byte[]> Answers
    {
        get
        {
            List<byte[]> answers = [];
            ReadOnlySpan<byte> rest = Bytes;
            for (; StreamFraming.TryRead(rest, out ReadOnlySpan<byte> message); rest = rest[(StreamFraming.PrefixSize + message.Length)..])
            {
                answers.Add(message.ToArray());
            }

            Assert.Equal(0, rest.Length);
            return answers;
        }
    }

    /// <summary>IDs and codes of those.</summary>
    public (int Id, Rcode Rcode)[] Codes => [.. Answers.Select(static answer => ((int)Header.Id(answer), Header.Rcode(answer)))];

    /// <summary>Speaks TLS from here on, and says hello.</summary>
    public void Secure(TlsSession session)
    {
        _end.Stream.Secure(session);
        _end.IsShaking = true;
        _end.Receive(default);
        _end.Flush();
        Arrive();
    }

    /// <summary>Sends bytes, which arrive as far as they are taken.</summary>
    public void Send(params ReadOnlySpan<byte> bytes)
    {
        Assert.True(_end.Add(bytes));
        _end.Flush();
        Arrive();
    }

    /// <summary>Sends queries, all in one piece.</summary>
    public void Ask(params ushort[] ids) => Send([.. ids.SelectMany(static id => ClientBench.Frame(ClientBench.Query(id)))]);

    /// <summary>Asks no more: FIN.</summary>
    public void Finish(int errno = 0) => bench.Clients.ReceiveEnded(connection.Index, errno);

    /// <summary>Asks no more: close_notify.</summary>
    public void CloseSession()
    {
        _end.Stream.TryFinish(0);
        Arrive();
    }

    /// <summary>Whether anything is on its way, or the ring has something to tell.</summary>
    public bool HasNews => (Reads && (wire.Way.Count > 0 || (!_isGone && _sendsOver < wire.Sends.Count))) || CanArrive || (wire.IsClosed && !_isGone);

    /// <summary>What is on its way arrives, at either end, and the ring tells how far it is.</summary>
    public void Progress()
    {
        Arrive();
        for (; Reads && !_isGone && _sendsOver < wire.Sends.Count; _sendsOver++)
        {
            bench.Clients.Sent(connection.Index, 0);
        }

        if (Reads)
        {
            Read();
        }

        if (wire.IsClosed && !_isGone)
        {
            _isGone = true;
            bench.Clients.Closed(connection.Index);
        }
    }

    /// <summary>Reads what came; what it has to say to that is on its way.</summary>
    public void Read()
    {
        while (wire.Way.Count > 0)
        {
            byte[] bytes = [.. wire.Way];
            wire.Way.Clear();
            _end.Receive(bytes);
            _end.Flush();
        }
    }

    public void Dispose()
    {
        _end.Stream.Release();
        _end.Memory.Dispose();
    }

    private bool CanArrive => _end.Wire.Way.Count > 0 && !wire.IsPaused && !wire.IsClosed;

    /// <summary>The ring gives the proxy what came, again as long as not all of it is taken.</summary>
    private void Arrive()
    {
        while (CanArrive)
        {
            byte[] bytes = [.. _end.Wire.Way];
            int taken = bench.Clients.Received(connection.Index, bytes);
            Assert.True(taken == bytes.Length || wire.IsPaused, "bytes were left though nobody asked for a pause");
            for (int i = 0; i < taken; i++)
            {
                _end.Wire.Way.Dequeue();
            }
        }
    }
}
