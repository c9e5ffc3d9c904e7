using System.Collections.Generic;
using Fastdist.Proxy.Counters;
using Fastdist.Proxy.Machines;

namespace Fastdist.Proxy.Backends;

/// <summary>
/// What follows from whatever happened to a backend's connections: another one or a pause, a word in the log, room for who waits, and news for
/// whoever gives it queries. Each thing that is done to connections here is heard of before the next.
/// </summary>
/// <param name="shard">The shard.</param>
/// <param name="known">The backend.</param>
/// <param name="connections">Its connections.</param>
/// <param name="queries">Its queries.</param>
/// <param name="readiness">Tells whether somebody better is worth looking for.</param>
/// <param name="absence">The time since it lost the last connection.</param>
/// <param name="failure">Why connections fail.</param>
/// <param name="news">Takes what there is to tell.</param>
internal sealed class Consequences(
    ShardContext shard, KnownBackend known, BackendConnections connections, BackendQueries queries, KeptReadiness readiness, Absence absence,
    LatestFailure failure, Queue<BackendNews> news)
{
    private readonly Queue<ConnectionReport> _reports = known.Reports;

    /// <summary>Hears what happened to connections; to be called after whatever is done to one.</summary>
    public void Hear()
    {
        while (_reports.TryDequeue(out ConnectionReport report))
        {
            known.Board.Wake();
            if (report.Connection == ConnectionReport.NoConnection)
            {
                HearOfDatagrams(in report);
            }
            else
            {
                Hear(connections[report.Connection], in report);
            }
        }
    }

    /// <summary>Starts a connection when there is none that works and the pause after a failure is over.</summary>
    public void EnsureConnected()
    {
        connections.EnsureOne();
        Hear();
    }

    /// <summary>Opens the spares that are wanted.</summary>
    public void KeepSpares()
    {
        connections.KeepSpares();
        Hear();
    }

    /// <summary>Room appeared: waiting queries go out.</summary>
    public void RoomFreed()
    {
        queries.Serve();
        Hear();
    }

    /// <summary>Those that wait go elsewhere when nothing is to be expected here, or somebody is better.</summary>
    public void OfferElsewhere()
    {
        queries.FlushIfUnavailable();
        if (queries.IsAnyWaiting && readiness.Reachability < Readiness.Ready)
        {
            Tell(NewsKind.Offered);
        }
    }

    private void Hear(BackendConnection connection, in ConnectionReport report)
    {
        switch (report.Event)
        {
            case ConnectionEvent.Established:
                absence.HasWorked();
                break;
            case ConnectionEvent.Ready:
                ConnectionReady(connection);
                break;
            case ConnectionEvent.Proven:
                Proven(connection);
                break;
            case ConnectionEvent.RoomFreed:
                RoomFreed();
                break;
            case ConnectionEvent.SlotFreed:
                EnsureConnected();
                KeepSpares();
                break;
            case ConnectionEvent.ProtocolRefused:
                ProtocolRefused(connection);
                break;
            case ConnectionEvent.CertificateRefused:
                failure.CertificateRefused(report.Failure.Reason, connection.RefusedSubject, connection.RefusedIssuer);
                break;
            case ConnectionEvent.Lost or ConnectionEvent.AttemptFailed or ConnectionEvent.CannotAttempt when connection.IsSpare:
                SpareLost(connection, in report);
                break;
            case ConnectionEvent.Lost:
                ConnectionLost(connection, in report);
                break;
            default:
                AttemptFailed(in report);
                break;
        }
    }

    /// <summary>
    /// What was lost with a connection goes to the next, and what was sent over UDP is sent again or elsewhere; so here it is only said how the
    /// backend is.
    /// </summary>
    private void HearOfDatagrams(in ConnectionReport report)
    {
        if (report.Event == ConnectionEvent.DatagramAnswered)
        {
            absence.HasWorked();
            Answered();
            return;
        }

        if (report.Event == ConnectionEvent.DatagramSilence)
        {
            // Who is silent may be slow; if not, that it failed follows.
            failure.Note(report.Failure);
        }
        else
        {
            failure.Complain(report.Failure);
        }

        if (report.Event != ConnectionEvent.DatagramShortage)
        {
            absence.Begin(isOrdinary: false, isTakenForGranted: false);
            Tell(NewsKind.Worse);
            news.Enqueue(new BackendNews(NewsKind.DatagramsFailed, known.Slot, Failure: report.Failure));
        }
    }

    /// <summary>A connection can take queries.</summary>
    private void ConnectionReady(BackendConnection connection)
    {
        shard.Log.ConnectionReady(known.Options.Name, connection.Index, shard.Id);
        if (queries.IsTrial(connection))
        {
            queries.BeginTrial(connection);
            return;
        }

        absence.Connected();
        if (!known.Status.IsUp)
        {
            Tell(NewsKind.Better);
        }

        RoomFreed();
        KeepSpares();
    }

    /// <summary>
    /// A connection answered its first query: only that proves that the backend works, and makes it up at once if it was marked down after it was
    /// lost.
    /// </summary>
    private void Proven(BackendConnection connection)
    {
        connections.Proven(connection);
        Answered();
    }

    private void Answered()
    {
        failure.Forget();
        if (known.Status.IsUp)
        {
            absence.End();
        }
        else if (absence.IsBrief)
        {
            Tell(NewsKind.Returned);
        }
    }

    /// <summary>
    /// The backend speaks, but not under the protocol name that was offered: another attempt follows at once, without it, and
    /// what waits goes on waiting.
    /// </summary>
    private void ProtocolRefused(BackendConnection connection)
    {
        if (!known.Shared.RefusesProtocol)
        {
            known.Shared.RefusesProtocol = true;
            shard.Log.ProtocolRefused(known.Options.Name, known.Options.Alpn);
        }

        if (queries.IsTrial(connection))
        {
            queries.EndTrial();
            TellEnd(connection.Index, failure.Last, ConnectionEnd.Retired);
            return;
        }

        connections.Open(connection.IsSpare);
        Hear();
    }

    /// <summary>A spare ended or did not start: no query was on it, unless it was for one, and those in use say how the backend is.</summary>
    private void SpareLost(BackendConnection connection, in ConnectionReport report)
    {
        if (queries.IsTrial(connection))
        {
            queries.EndTrial();
            TellEnd(connection.Index, report.Failure, report.Event == ConnectionEvent.Lost ? report.End : ConnectionEnd.GivenUp);
            return;
        }

        shard.Log.SpareLost(known.Options.Name, shard.Id, report.Failure.Reason);
        connections.Spares.Failed();
    }

    /// <summary>An established connection ended; its queries go elsewhere.</summary>
    private void ConnectionLost(BackendConnection connection, in ConnectionReport report)
    {
        BackendFailure why = report.Failure;
        bool isOrdinary = report.End is ConnectionEnd.Retired or ConnectionEnd.Ordinary;
        bool mayReplace = isOrdinary || connections.IsClear;
        if (!isOrdinary)
        {
            why = why with { Reason = $"connection lost: {why.Reason}" };
            known.Counters.LostConnections++;
            failure.Complain(why);
            connections.Failed();
        }

        known.NextAllowance = connection.AllowanceAfter(report.End);
        Replace(mayReplace, isOrdinary, isTakenForGranted: isOrdinary || (mayReplace && report.End == ConnectionEnd.Broken));
        TellEnd(connection.Index, why, report.End);
    }

    /// <summary>
    /// A replacement comes first, so that queries that have no other backend wait for it; a new one at once only after a first
    /// failure, or a backend that accepts and breaks would be called without a pause.
    /// </summary>
    private void Replace(bool mayReplace, bool isOrdinary, bool isTakenForGranted)
    {
        if (!known.Board.IsAnyHealthy && known.IsConnectionWanted)
        {
            BeginAbsence(isOrdinary, isTakenForGranted);
            connections.Replace(mayReplace);
            Hear();
        }
    }

    /// <summary>A connection could not be made; for want of a descriptor the next tick tries again, and it is not held against the backend.</summary>
    private void AttemptFailed(in ConnectionReport report)
    {
        failure.Complain(report.Failure);
        if (report.Event == ConnectionEvent.CannotAttempt)
        {
            connections.WaitForDescriptor();
        }
        else
        {
            connections.Failed();
            Tell(NewsKind.Worse);
        }

        if (!known.Board.IsAnyHealthy)
        {
            BeginAbsence(isOrdinary: false, isTakenForGranted: false);
        }

        OfferElsewhere();
        if (known.Options.HasDatagrams)
        {
            // Nobody else knows that what waits here is not to be expected.
            queries.Flush(static _ => true);
        }
    }

    /// <summary>A backend that is asked over UDP is not away for want of a connection.</summary>
    private void BeginAbsence(bool isOrdinary, bool isTakenForGranted)
    {
        if (!known.Options.HasDatagrams)
        {
            absence.Begin(isOrdinary, isTakenForGranted);
        }
    }

    private void TellEnd(int connection, BackendFailure why, ConnectionEnd end) =>
        news.Enqueue(new BackendNews(NewsKind.ConnectionEnded, known.Slot, connection, why, end));

    private void Tell(NewsKind kind) => news.Enqueue(new BackendNews(kind, known.Slot));
}
