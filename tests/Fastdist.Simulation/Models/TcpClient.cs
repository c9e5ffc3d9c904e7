using System;
using System.Collections.Generic;
using System.Linq;
using Fastdist.Dns;
using Fastdist.Ring;
using Fastdist.Simulation.Network;
using Fastdist.Simulation.Tls;

namespace Fastdist.Simulation.Models;

/// <summary>A client that asks over TCP, on as many connections as it takes.</summary>
internal sealed class TcpClient(World world, TcpClientPlan plan) : ISocketOwner
{
    private const long ReconnectPause = 20_000;

    private readonly Dictionary<ushort, SimQuery> _waiting = [];
    private SimSocket? _socket;
    private SimTlsSession? _tls;
    private Channel? _channel;
    private bool _isConnected;
    private bool _isParting;
    private bool _isReading;
    private int _asked;
    private int _askedHere;
    private ushort _nextId = (ushort)world.Random.Next(65536);

    /// <summary>Number that its frontend had when it connected.</summary>
    private int _number;

    /// <summary>Its address on this connection.</summary>
    private SocketAddress _address;

    /// <summary>Whether it has asked everything and heard everything.</summary>
    public bool IsDone { get; private set; }

    /// <summary>Begins to ask.</summary>
    public TcpClient Begin()
    {
        world.BusyClients++;
        Connect();
        return this;
    }

    private int Frontend => plan.IsTls ? World.TlsFrontend : World.PlainFrontend;

    private void Connect()
    {
        _askedHere = 0;
        _isConnected = _isParting = false;
        _number = world.NumberOf(Frontend);
        SimSocket? opened = null;
        _address = world.NextClientAddress();
        opened = _socket = world.Connect(_address, Frontend, this, isHeard =>
        {
            if (_socket == opened && isHeard)
            {
                _isConnected = true;
                _channel!.Begin();
                AskMore();
            }
        });
        _tls = plan.IsTls ? (plan.IsRude ? world.RudeClientTls : world.ClientTls).Begin() : null;
        _channel = new Channel(opened, _tls);
    }

    public void Readable(SimSocket socket)
    {
        if (socket != _socket)
        {
            return;
        }

        if (plan.ReadSize == 0)
        {
            Read(int.MaxValue);
        }
        else if (!_isReading)
        {
            _isReading = true;
            world.After(plan.ReadPause, () => ReadSlowly(socket));
        }
    }

    public void Writable(SimSocket socket)
    {
        if (socket == _socket && !socket.IsReset)
        {
            _channel!.Flush();
        }
    }

    private void ReadSlowly(SimSocket socket)
    {
        _isReading = false;
        if (socket == _socket)
        {
            Read(plan.ReadSize);
            if (socket == _socket && socket.Received.Length > 0)
            {
                Readable(socket);
            }
        }
    }

    private void Read(int most)
    {
        (SimSocket socket, Channel channel) = (_socket!, _channel!);
        channel.Fill(most);
        while (socket == _socket && Messages.ReadFrame(channel.Plain.Span, out ReadOnlySpan<byte> message) is > 0 and int length)
        {
            byte[] answer = message.ToArray();
            channel.Plain.Drop(length);
            Hear(answer);
        }

        if (socket == _socket && channel.IsOver)
        {
            Lose(socket.IsReset ? "reset" : "closed");
        }
    }

    private void Hear(byte[] answer)
    {
        if (answer.Length < Header.Size || !_waiting.Remove(Header.Id(answer), out SimQuery? query))
        {
            world.Violate("a message on a stream is no answer to anything its client asked");
            return;
        }

        world.Ledger.Answered(query, answer);
        if (_isParting)
        {
            return;
        }

        if (_waiting.Count == 0 && (_asked == plan.Queries || _askedHere >= plan.QueriesPerConnection))
        {
            Part();
        }
        else if (plan.Pause == 0)
        {
            AskMore();
        }
        else
        {
            SimSocket? here = _socket;
            world.After(world.Random.NextInt64((2 * plan.Pause) + 1), () =>
            {
                if (here == _socket)
                {
                    AskMore();
                }
            });
        }
    }

    private void AskMore()
    {
        if (_isParting || !_isConnected)
        {
            return;
        }

        // With pauses each answer makes room for one query, else the window is kept full.
        int most = plan.Pause > 0 && _askedHere > 0 ? 1 : plan.Window;
        for (; most > 0 && _waiting.Count < plan.Window && _asked < plan.Queries && _askedHere < plan.QueriesPerConnection; most--)
        {
            Ask();
        }

        bool isLast = _asked == plan.Queries || _askedHere >= plan.QueriesPerConnection;
        if (isLast && _waiting.Count > 0 && plan.Parting != Parting.Politely)
        {
            _isParting = true;
            SimSocket here = _socket!;
            world.After(plan.Parting == Parting.HalfClosed ? 0 : world.Random.NextInt64(3000), () => PartEarly(here));
        }
    }

    private void Ask()
    {
        while (_waiting.ContainsKey(_nextId))
        {
            _nextId++;
        }

        SimQuery query = world.Ledger.Add(plan.Kind(_asked), _nextId++, isDatagram: false);
        (query.Client, query.Pool, query.IsSlowlyRead) = (_address, plan.IsTls && world.HasTwoPools ? 1 : 0, plan.ReadSize > 0);
        _waiting.Add(query.Id, query);
        _asked++;
        query.Position = ++_askedHere;
        world.Note("ask", query.Number);
        _channel!.Write(Messages.Frame(Messages.Write(query)));
    }

    private void PartEarly(SimSocket here)
    {
        if (here != _socket)
        {
            return;
        }

        if (plan.Parting == Parting.HalfClosed)
        {
            if (_channel!.Waiting > 0)
            {
                world.After(1000, () => PartEarly(here));
            }
            else
            {
                _channel.SayGoodbye();
                here.Shut();
            }

            return;
        }

        foreach (SimQuery query in _waiting.Values)
        {
            world.Ledger.Leave(query);
        }

        _waiting.Clear();
        if (plan.Parting == Parting.Abruptly)
        {
            here.Abort();
        }
        else
        {
            here.Close();
        }

        Next();
    }

    /// <summary>Everything was heard.</summary>
    private void Part()
    {
        _channel!.SayGoodbye();
        _socket!.Close();
        Next();
    }

    /// <summary>The proxy ended the connection.</summary>
    private void Lose(string how)
    {
        // Who is not to be answered is not to go on asking either.
        bool isSilenced = _waiting.Values.Any(static query => query.IsToBeSilent);
        foreach (SimQuery query in _waiting.Values)
        {
            if (!isSilenced && !MayLose(query))
            {
                world.Violate($"the client's connection was {how} with a query in flight, number {query.Position} on it, {(plan.IsTls ? "TLS" : "plain")}, {plan.Parting}: {query}");
            }

            world.Ledger.CutOff(query);
        }

        _waiting.Clear();
        _socket!.Close();
        Next();
    }

    /// <summary>Who reads too slowly is given up, as is who has no manners; after so many queries a connection ends, and when its frontend goes what was not read yet is lost.</summary>
    private bool MayLose(SimQuery query)
    {
        int most = world.Options.MaxTcpQueriesPerConnection;
        return world.IsStopping || world.MayCutOff || (query.Asks.Count == 0 && world.NumberOf(Frontend) != _number) || plan.ReadSize > 0 || plan.IsRude || (most > 0 && query.Position > most);
    }

    private void Next()
    {
        _socket = null;
        _tls?.Dispose();
        if (_asked == plan.Queries)
        {
            IsDone = true;
            world.BusyClients--;
        }
        else if (!world.IsStopping)
        {
            world.After(ReconnectPause, Connect);
        }
    }
}
