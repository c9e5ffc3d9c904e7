using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;
using Fastdist.Dns;
using Fastdist.Proxy.Tests.Machines;
using Fastdist.Settings;

namespace Fastdist.Proxy.Tests.Backends;

/// <summary>Backends over UDP.</summary>
internal sealed partial class BackendBench
{
    private readonly Dictionary<FakePeer, int> _slots = [];
    private readonly Dictionary<FakePeer, int> _answered = [];

    /// <summary>Makes an answer another one.</summary>
    public delegate void Word(ref byte[] answer);

    /// <summary>A backend at 192.0.2.NUMBER over UDP.</summary>
    public static BackendOptions UdpOptions(int number) => Options(number) with { Tls = BackendTransport.Udp };

    /// <summary>Backends over UDP, each with its sockets.</summary>
    public static BackendBench OverUdp(params BackendOptions[] backends)
    {
        var bench = new BackendBench(share: 1, backends);
        Array.ForEach(bench.Backends, static backend => backend.EnsureConnected());
        return bench;
    }

    /// <summary>The UDP sockets that are open.</summary>
    public FakePeer[] Sockets => [.. _ring.Peers.Where(peer => !peer.IsClosed)];

    /// <summary>The UDP sockets of a backend, those that were closed included.</summary>
    public FakePeer[] SocketsOf(int backend) => [.. _ring.Peers.Where(peer => _slots[peer] == backend)];

    /// <summary>Everything that was sent to a backend over UDP.</summary>
    public byte[][] SentTo(int backend)
    {
        NoteSockets();
        return [.. SocketsOf(backend).SelectMany(peer => peer.Sent)];
    }

    /// <summary>Whether a backend was asked about a name of one label over UDP.</summary>
    public bool IsAsked(int backend, string label = "a") => SentTo(backend).Any(query => LabelOf(query) == label);

    /// <summary>The socket that a backend was last asked about a name of one label from, and the query.</summary>
    public (FakePeer Socket, byte[] Query) LastAsked(int backend, string label = "a")
    {
        NoteSockets();
        FakePeer socket = SocketsOf(backend).First(peer => peer.Sent.Exists(query => LabelOf(query) == label));
        return (socket, socket.Sent.Last(query => LabelOf(query) == label));
    }

    /// <summary>The same of those that are open.</summary>
    public (FakePeer Socket, byte[] Query) LastAskedFromOpen(int backend, string label = "a")
    {
        NoteSockets();
        FakePeer socket = SocketsOf(backend).First(peer => !peer.IsClosed && peer.Sent.Exists(query => LabelOf(query) == label));
        return (socket, socket.Sent.Last(query => LabelOf(query) == label));
    }

    /// <summary>Has a datagram come.</summary>
    public void DatagramReceived(FakePeer socket, byte[] message, bool isCut = false)
    {
        if (!socket.IsClosed)
        {
            _dispatcher.DatagramReceived((int)socket.Tag, message, isCut);
        }
    }

    /// <summary>Has the network say that whoever a socket is connected to cannot be reached.</summary>
    public void DatagramFailed(FakePeer socket, int errno = Refused)
    {
        if (!socket.IsClosed)
        {
            _dispatcher.DatagramFailed((int)socket.Tag, errno);
        }
    }

    /// <summary>Has a backend answer what it was asked last about a name of one label.</summary>
    public void AnswerDatagram(int backend, string label = "a") => AnswerDatagram(backend, label, static _ => { });

    /// <summary>The same with another message than the query with its bit turned.</summary>
    public void AnswerDatagram(int backend, string label, Action<byte[]> word) => AnswerDatagram(backend, label, (ref byte[] answer) => word(answer));

    /// <summary>The same with a message that may have another length.</summary>
    public void AnswerDatagram(int backend, string label, Word word)
    {
        (FakePeer socket, byte[] query) = LastAsked(backend, label);
        byte[] answer = AnswerTo(query);
        word(ref answer);
        DatagramReceived(socket, answer);
    }

    /// <summary>All that a backend was asked since it answered last, or lost something, is lost.</summary>
    public void LoseAll(int backend)
    {
        NoteSockets();
        foreach (FakePeer socket in SocketsOf(backend))
        {
            _answered[socket] = socket.Sent.Count;
        }
    }

    /// <summary>Has a backend answer all that it was asked since it did so last.</summary>
    public void AnswerAll(int backend)
    {
        NoteSockets();
        foreach (FakePeer socket in SocketsOf(backend))
        {
            for (int next = _answered.GetValueOrDefault(socket); next < socket.Sent.Count; next++)
            {
                DatagramReceived(socket, AnswerTo(socket.Sent[next]));
            }

            _answered[socket] = socket.Sent.Count;
        }
    }

    /// <summary>Has a client ask for a name with an OPT that states a size and holds an option of a length.</summary>
    /// <returns>Whether it is on its way.</returns>
    public bool AskWithEdns(ushort id, int payloadSize, int optionLength = 0) => Ask(
        _udp,
        [
            (byte)(id >> 8), (byte)id, 1, 0, 0, 1, 0, 0, 0, 0, 0, 1, 1, (byte)'a', 0, 0, 1, 0, 1,
            0, 0, 41, (byte)(payloadSize >> 8), (byte)payloadSize, 0, 0, 0, 0, (byte)((optionLength + 4) >> 8), (byte)(optionLength + 4),
            0xfd, 0xe9, (byte)(optionLength >> 8), (byte)optionLength, .. new byte[optionLength],
        ]);

    /// <summary>The query with its bit turned.</summary>
    public static byte[] AnswerTo(byte[] query)
    {
        byte[] answer = [.. query];
        answer[2] |= 0x80;
        return answer;
    }

    private static string LabelOf(byte[] query) => Encoding.ASCII.GetString(query, Header.Size + 1, query[Header.Size]);

    /// <summary>Whose a socket is has to be known before its number comes again.</summary>
    private void NoteSockets()
    {
        foreach (FakePeer peer in _ring.Peers.Where(peer => !_slots.ContainsKey(peer)))
        {
            _slots[peer] = _set.Sockets[(int)peer.Tag].Slot;
        }
    }
}
