using System;
using System.Collections.Generic;

namespace Fastdist.Proxy.Frontends;

/// <summary>
/// Connections that wait to begin their TLS handshake. One cannot be cut (hundreds of microseconds with
/// an ECDSA key, several milliseconds with a long RSA key), so none begins amid a turn: when a turn has
/// sent what its queries caused, as many are let into the next as its budget usually holds. While
/// queries are in flight there is then a rest as long as the handshakes took, so that what is left of
/// a query's way finds the shard free. Times are microseconds of any clock that does not go back.
/// </summary>
internal sealed class HandshakeQueue(int budgetMicroseconds)
{
    private readonly Queue<(int Client, uint Generation)> _waiting = new();

    /// <summary>Microseconds of a turn within which handshakes may begin.</summary>
    public int BudgetMicroseconds { get; set; } = budgetMicroseconds;

    // A guess to begin with: what an ECDSA key takes.
    private double _usual = 300;
    private long _took;
    private long _endedAt;

    /// <summary>Handshakes let into one turn; at least one, or long ones would never begin.</summary>
    public int MostInTurn => Math.Max((int)(BudgetMicroseconds / _usual), 1);

    /// <summary>Whether a connection that comes now has to wait for longer than the next turn.</summary>
    public bool IsBusy => _waiting.Count >= MostInTurn;

    /// <summary>
    /// Whether those let in have used the budget up already, so that the rest of them has to wait again: what is usual
    /// is no bound, as a peer that sends garbage or resumes makes it small before it has something long to ask.
    /// </summary>
    public bool IsSpent => _took > 0 && _took >= BudgetMicroseconds;

    /// <summary>Puts a connection behind those that wait.</summary>
    public void Wait(int client, uint generation) => _waiting.Enqueue((client, generation));

    /// <summary>How long those that wait have to wait still; 0 when they may begin, or nobody waits.</summary>
    /// <param name="now">The time.</param>
    /// <param name="areQueriesInFlight">Whether anybody would be delayed.</param>
    public long Rest(long now, bool areQueriesInFlight) =>
        _waiting.Count > 0 && areQueriesInFlight ? Math.Max(_endedAt + _took - now, 0) : 0;

    /// <summary>Begins to let connections in. Where nobody waits the rest goes on for who comes while it lasts.</summary>
    /// <returns>How many to take.</returns>
    public int LetIn()
    {
        _took = _waiting.Count > 0 ? 0 : _took;
        return Math.Min(_waiting.Count, MostInTurn);
    }

    /// <summary>Takes the one that has waited longest.</summary>
    public bool TryTake(out int client, out uint generation)
    {
        bool found = _waiting.TryDequeue(out (int Client, uint Generation) first);
        (client, generation) = first;
        return found;
    }

    /// <summary>Notes a handshake's first step, which is where the signature is.</summary>
    public void Took(long begun, long ended)
    {
        long step = ended - begun;
        _took += step;
        _endedAt = ended;
        _usual += (step - _usual) / 16;
    }
}
