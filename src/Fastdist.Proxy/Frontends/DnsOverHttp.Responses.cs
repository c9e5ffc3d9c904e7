using System;
using Fastdist.Dns;
using Fastdist.Http;

namespace Fastdist.Proxy.Frontends;

/// <summary>What requests are answered, and how a session ends.</summary>
internal sealed partial class DnsOverHttp
{
    /// <summary>Answers a request with a DNS message, whatever its RCODE (RFC 8484 section 4.2.1).</summary>
    private void RespondDns(ClientConnection client, int stream, ReadOnlySpan<byte> message, EdnsTraits edns)
    {
        if (message.Length < Header.Size)
        {
            Counters.LostResponses++;
            Refuse(client, stream, new HttpResponse(HttpStatus.BadGateway, HttpContent.Text, Freshness.None));
            return;
        }

        long? maxAge = _frontend.Options.SendCacheControlHeaders ? Freshness.Of(message) : null;
        if (IsPadded(client, edns))
        {
            int length = message.Length;
            message.CopyTo(_memory.Message);
            Padding.TryPad(_memory.Message, ref length, Padding.ResponseBlock);
            message = _memory.Message[..length];
        }

        bool isTaken = Respond(client, stream, new HttpResponse(HttpStatus.Ok, HttpContent.DnsMessage, maxAge), message);
        Counters.Responses += isTaken ? 1 : 0;
        Counters.LostResponses += isTaken ? 0 : 1;
    }

    private void Refuse(ClientConnection client, int stream, HttpResponse response)
    {
        _counters.Refusals[response.Status]++;
        Respond(client, stream, response, HttpStatus.TextOf(response.Status));
    }

    /// <summary>Answers with what an operator wrote.</summary>
    private void Respond(ClientConnection client, int stream, FixedResponse response)
    {
        _counters.WrittenResponses[response.Status / 100]++;
        _counters.Abandoned += client.Http!.Respond(stream, response, Shard.Clock.Now) ? 0 : 1;
    }

    /// <returns>False when nobody waits for the response any more, or it will not be sent.</returns>
    private bool Respond(ClientConnection client, int stream, HttpResponse response, ReadOnlySpan<byte> body)
    {
        if (!client.Http!.Respond(stream, in response, body, Shard.Clock.Now))
        {
            _counters.Abandoned++;
            return false;
        }

        return !IsOverdrawn(client.Http);
    }

    /// <summary>Whether a client leaves more than its share untaken where all of them together leave too much.</summary>
    private bool IsOverdrawn(Http2Session http) =>
        http.HeldBytes > FairShare && _memory.Sessions.HeldBytes + _streams.OutputBytes > _streams.OutputBudget;

    /// <summary>The session takes no more requests: what it answered still leaves, and its own last words.</summary>
    private void NoteEnd(ClientConnection client, Http2Session http)
    {
        if (client.State != ClientState.Open)
        {
            return;
        }

        _counters.Ends[(int)http.End]++;
        if (http.End == Http2End.Http1 && client.Stream.TryReserve(Http1.Refusal.Length, out Span<byte> room))
        {
            Http1.Refusal.CopyTo(room);
            client.Stream.TryAdd(Http1.Refusal.Length);
        }
    }
}
