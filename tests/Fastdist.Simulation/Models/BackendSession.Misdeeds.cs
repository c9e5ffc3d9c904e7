using System;
using Fastdist.Dns;
using Fastdist.Simulation.Tls;

namespace Fastdist.Simulation.Models;

/// <summary>What a backend does with a query, if it answers it at all.</summary>
internal sealed partial class BackendSession
{
    private void Do(byte[] query, SimQuery? known, Ask? ask, Misdeed misdeed)
    {
        switch (misdeed)
        {
            case Misdeed.None:
                Reply(ask, backend.Answer(query, known));
                break;
            case Misdeed.AnswerLate:
                // Unless the process stood still meanwhile, which makes it early enough.
                Reply(ask, backend.Answer(query, known));
                break;
            case Misdeed.AnswerTwice:
                Reply(ask, backend.Answer(query, known));
                Send(Messages.Frame(backend.Answer(query, known)));
                break;
            case Misdeed.ServFail:
                if (known is not null)
                {
                    known.WasRefused = true;
                }

                backend.Blame();
                Reply(ask, backend.Answer(query, known, Rcode.ServFail));
                break;
            case Misdeed.Lose:
                Swallow(ask);
                break;
            case Misdeed.WrongId:
                Swallow(ask);
                byte[] other = Messages.Answer(query, Rcode.NoError);
                Messages.ChangeId(other, 1 + world.Random.Next(1023));
                Send(Messages.Frame(other));
                break;
            case Misdeed.WrongQuestion:
                Swallow(ask);
                byte[] strange = Messages.Answer(query, Rcode.NoError);
                Messages.ChangeQuestion(strange);
                Send(Messages.Frame(strange));
                break;
            case Misdeed.CutHeader:
                Swallow(ask);
                Send(Messages.Frame(query.AsSpan(0, world.Random.Next(Header.Size))));
                break;
            case Misdeed.CutFrame:
                backend.Blame();
                byte[] whole = Messages.Frame(Messages.Answer(query, Rcode.NoError));
                Send(whole.AsSpan(0, 1 + world.Random.Next(whole.Length - 1)));
                End((CloseStyle)world.Random.Next(3));
                break;
            case Misdeed.Garbage:
                var garbage = new byte[1 + world.Random.Next(200)];
                world.Random.NextBytes(garbage);
                Swallow(ask);
                FallSilent();
                if (world.Random.Next(2) == 0 || _channel.Waiting > 0)
                {
                    Send(garbage);
                }
                else
                {
                    garbage[0] = SimTlsRecord.Garbage;
                    socket.Send(garbage);
                }

                break;
            case Misdeed.HalfClose:
                Swallow(ask);
                FallSilent();
                _channel.SayGoodbye();
                socket.Shut();
                break;
            case Misdeed.Reset:
                backend.Blame();
                End(CloseStyle.Abruptly);
                break;
            default:
                Swallow(ask);
                FallSilent();
                break;
        }
    }

    private void Swallow(Ask? ask)
    {
        _served++;
        backend.Swallow();
        if (ask is not null)
        {
            ask.IsLost = true;
        }
        else
        {
            // A health check, which takes it down.
            backend.Blame();
        }
    }

    private void FallSilent()
    {
        if (!IsFaulty)
        {
            IsFaulty = true;
            backend.BeginFault();
            backend.Breaks.Add(world.Now);
        }
    }
}
