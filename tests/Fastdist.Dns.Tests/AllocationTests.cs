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
    private readonly byte[] _scratch = new byte[1024];
    private readonly char[] _text = new char[Names.MaxTextLength];
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
            _sum += Ruled(message, in query);
            _sum += EditedLength(message);
            _sum += Truncation.Write(message, _buffer);
            _sum += ErrorAnswer.Write(message, Rcode.ServFail, _buffer, ExtendedError.NotReady, "starting"u8);
            _sum += StreamFraming.TryRead(message, out ReadOnlySpan<byte> frame) ? frame.Length : 0;
        }
    }

    /// <summary>What rules and their actions do.</summary>
    private int Ruled(byte[] message, in Query query)
    {
        int sum = SelfAnswer.WriteAddresses(in query, [192, 0, 2, 1], [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15], new AnswerTraits(), 1232, true, _buffer);
        sum += SelfAnswer.WriteRcode(in query, 5, new AnswerTraits(), 1232, true, _buffer) + SelfAnswer.WritePacket(in query, message, _buffer);
        sum += MessageFacts.TryCountRecords(message, MessageSection.Answer, RecordType.A, out int count) ? count : 0;
        sum += MessageFacts.HasOption(message, EdnsOption.Padding) || MessageFacts.HasTrailingBytes(message) ? 1 : 0;
        sum += MessageFacts.TryReadExtendedRcode(message, out int rcode) ? rcode : 0;
        sum += query.IsSound ? Names.Format(query.Name, _text, isLower: true) : 0;

        message.CopyTo(_buffer, 0);
        int length = message.Length;
        TimeToLive.Limit(_buffer.AsSpan(0, length), 1, 60, [RecordType.A, RecordType.SOA]);
        TimeToLive.Reduce(_buffer.AsSpan(0, length), 50);
        EdnsEdit.TrySetOption(_buffer, ref length, EdnsOption.ClientSubnet, [1, 2, 3], true, out _);
        EdnsEdit.TrySetExtendedError(_buffer, ref length, ExtendedError.Blocked, "no"u8, true);
        RecordClearing.TryClear(_buffer, ref length, [RecordType.CNAME, RecordType.SOA], _scratch);
        Truncation.TryEmpty(_buffer, ref length);
        return sum + length;
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
