using System;
using Fastdist.Proxy.Backends;

namespace Fastdist.Proxy.Shards;

/// <summary>
/// Where arrows come together: connections are told what the ring says of them, and what comes of it is taken from them and from their
/// backends, who call nobody.
/// </summary>
internal sealed partial class Dispatcher
{
    /// <summary>Whether a query's pool has somebody who can take it at once.</summary>
    private readonly Predicate<int> _isAnyReadyFor;

    /// <summary>A connection was made, or was not.</summary>
    public void Connected(int number, int errno)
    {
        BackendConnection connection = _backends.Connections[number];
        connection.Connected(errno);
        Hear(connection);
    }

    /// <summary>Bytes arrived on a connection.</summary>
    public void Received(int number, ReadOnlySpan<byte> data)
    {
        BackendConnection connection = _backends.Connections[number];
        connection.Receive(ref data);
        while (connection.TryOpen(ref data, out ReadOnlySpan<byte> opened))
        {
            TakeAnswers(connection, ref opened);
            connection.Keep(opened);
        }

        Hear(connection);
    }

    /// <summary>The backend's side ended, or reading failed.</summary>
    public void ReceiveEnded(int number, int errno)
    {
        BackendConnection connection = _backends.Connections[number];
        connection.ReceiveEnded(errno);
        Hear(connection);
    }

    /// <summary>A send ended.</summary>
    public void Sent(int number, int errno)
    {
        BackendConnection connection = _backends.Connections[number];
        connection.Sent(errno);
        Hear(connection);
    }

    /// <summary>The ring let go of a stream.</summary>
    public void Closed(int number)
    {
        BackendConnection connection = _backends.Connections[number];
        connection.Closed();
        Hear(connection);
    }

    /// <summary>Keeps the clocks of backends that have something to do, and of their connections.</summary>
    public void Tick()
    {
        Agenda agenda = _backends.Agenda;
        agenda.WakeDue(_shard.Clock.Now);
        for (int place = 0; place < agenda.Count; place++)
        {
            Backend backend = _backends[agenda[place]];
            backend.Tick();
            TakeNews();
            AskAgain(backend);
        }

        _backends.LetSleep(_shard.Clock.Now);
    }

    /// <summary>Takes what backends have to tell; to be called after whatever is done to one.</summary>
    public void TakeNews()
    {
        while (_backends.News.TryDequeue(out BackendNews news))
        {
            Take(in news);
        }
    }

    private void Take(in BackendNews news)
    {
        Backend backend = _backends[news.Slot];
        switch (news.Kind)
        {
            case NewsKind.ConnectionEnded:
                NoteEnd(backend, news.End);
                LoseQueries(_backends.Connections[news.Index], news.Failure, news.End);
                backend.Settle();
                break;
            case NewsKind.Unserved:
                Resend(news.Index, backend);
                break;
            case NewsKind.Offered when _pools.IsAnyReadyBeside(backend):
                backend.FlushQueue(_isAnyReadyFor);
                break;
            case NewsKind.Better:
                ReportChange(news.Slot, true);
                break;
            case NewsKind.Worse:
                backend.NoteFailure();
                ReportChange(news.Slot, false);
                break;
            case NewsKind.Returned:
                ReportReturn(news.Slot);
                break;
            case NewsKind.DatagramsFailed:
                DatagramsFailed(backend, news.Failure);
                break;
            default:
                break;
        }
    }

    /// <summary>A connection that ended otherwise than servers end them is a failure, with however many queries on it.</summary>
    private static void NoteEnd(Backend backend, ConnectionEnd end)
    {
        if (end is ConnectionEnd.Broken or ConnectionEnd.GivenUp)
        {
            backend.NoteFailure();
        }
    }

    private void TakeAnswers(BackendConnection connection, ref ReadOnlySpan<byte> opened)
    {
        while (connection.TryTake(ref opened, out ReceivedAnswer answer))
        {
            // Its backend hears first that it works.
            Hear(connection);
            if (answer.Fault is { } fault)
            {
                Misanswered(answer.Entry, fault);
            }
            else
            {
                Answered(answer.Entry, connection, answer.Message);
            }

            TakeNews();
        }
    }

    /// <summary>Has its backend know what happened to a connection, and takes what that has to tell.</summary>
    private void Hear(BackendConnection connection)
    {
        _backends.HomeOf(connection).Hear();
        TakeNews();
    }
}
