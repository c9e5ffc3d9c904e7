using System;
using Fastdist.Fuzz;
using Fastdist.Shared;
using Xunit;

namespace Fastdist.Dns.Tests;

public class AllocationTests
{
    private const int Rounds = 10_000;

    private readonly byte[][] _messages = [.. Corpus.All];
    private readonly byte[] _buffer = new byte[1024];
    private int _sum;

    [Fact]
    public void A_querys_way_allocates_nothing()
    {
        Allocations.AssertNone(() => Pass(Rounds));
        Assert.NotEqual(0, _sum);
    }

    private void Pass(int rounds)
    {
        for (int round = 0; round < rounds; round++)
        {
            byte[] message = _messages[round % _messages.Length];
            byte[] other = _messages[round / 7 % _messages.Length];
            if (Query.Parse(message, out Query query) == QueryVerdict.Forward)
            {
                _sum += query.UdpPayloadSize + (int)Names.Hash(query.Name, 1);
                _sum += (query.Edns & ~EdnsTraits.HasOpt) != 0 ? 1 : 0;
                _sum += (int)Answer.Match(other, query.Question);
                _sum += QueryWriter.Write(_buffer, 1, query.Name, query.Type);
            }

            message.CopyTo(_buffer, 0);
            _sum += HopByHop.Strip(_buffer, message.Length);
            _sum += EditedLength(message);
            _sum += Truncation.Write(message, _buffer);
            _sum += ErrorAnswer.Write(message, Rcode.ServFail, _buffer, ExtendedError.NotReady, "starting"u8);
            _sum += StreamFraming.TryRead(message, out ReadOnlySpan<byte> frame) ? frame.Length : 0;
        }
    }

    private int EditedLength(byte[] message)
    {
        message.CopyTo(_buffer, 0);
        int length = message.Length;
        EdnsEdit.TryAppendOpt(_buffer, ref length, 1232);
        TcpKeepalive.TryAdd(_buffer, ref length, 300);
        ClientSubnet.TryAdd(_buffer, ref length, [192, 0, 2, 1], 24);
        EdnsEdit.TryRemoveOption(_buffer, ref length, EdnsOption.ClientSubnet);
        Padding.TryPad(_buffer, ref length, Padding.ResponseBlock);
        EdnsEdit.TryRemoveOpt(_buffer, ref length);
        return length;
    }
}
