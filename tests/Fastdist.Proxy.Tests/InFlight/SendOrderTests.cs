using System.Collections.Generic;
using System.Linq;
using CsCheck;
using Fastdist.Proxy.InFlight;
using Xunit;

namespace Fastdist.Proxy.Tests.InFlight;

/// <summary>What is known of a connection's queries when it ends, against a model that keeps everything.</summary>
public class SendOrderTests
{
    private const int Size = 16;

    [Fact]
    public void It_tells_what_a_log_of_everything_tells() =>
        Gen.Int[0, 999].Array[0, 200].Sample(row =>
        {
            var order = new SendOrder(Size);
            var model = new Log();
            foreach (int operation in row)
            {
                model.Apply(operation, order);
            }

            return Enumerable.Range(0, Size).All(id => model.IsSame((ushort)id, order));
        });

    [Fact]
    public void Numbers_wrap_without_a_trace()
    {
        var order = new SendOrder(2);
        for (long i = 0; i < 100; i++)
        {
            order.Put(0, 0);
            order.Left();
            order.Sent(int.MaxValue / 2);
            order.Put(1, 0);
            Assert.False(order.MayHaveArrived(1));
            order.Left();
            order.Sent(int.MaxValue / 2);
            Assert.True(order.MayHaveArrived(0) && order.MayHaveArrived(1));
            Assert.False(order.IsOvertaken(0));
            order.Answered(1);
            Assert.True(order.IsOvertaken(0));
        }
    }

    [Fact]
    public void Age_is_in_milliseconds()
    {
        var order = new SendOrder(1);
        order.Put(0, 5_000_000_000_000);
        Assert.Equal(1500, order.Age(0, 5_000_001_500_000));
    }

    [Fact]
    public void What_the_kernel_did_not_take_has_not_left()
    {
        var order = new SendOrder(2);
        order.Put(0, 0);
        order.Left();
        order.Sent(10);
        order.Put(1, 0);
        order.Left();
        order.Sent(10);
        order.NotTaken();
        Assert.Equal((true, false), (order.MayHaveArrived(0), order.MayHaveArrived(1)));
    }

    /// <summary>Everything that happened, in order.</summary>
    private sealed class Log
    {
        private readonly List<ushort> _puts = [];
        private readonly int[] _putOf = [.. Enumerable.Repeat(-1, Size)];
        private readonly int[] _answersBefore = new int[Size];
        private readonly int[] _bytesBefore = new int[Size];
        private readonly List<int> _answered = [];
        private int _left;
        private int _bytes;
        private int _arrived;

        public void Apply(int operation, SendOrder order)
        {
            var id = (ushort)(operation % Size);
            switch (operation / Size % 4)
            {
                case 0 or 1:
                    order.Put(id, 0);
                    _putOf[id] = _puts.Count;
                    (_answersBefore[id], _bytesBefore[id]) = (_answered.Count, _bytes);
                    _puts.Add(id);
                    break;
                case 2 when _putOf[id] >= 0:
                    order.Answered(id);
                    _answered.Add(_putOf[id]);
                    break;
                default:
                    order.Left();
                    order.Sent(operation);
                    _left = _puts.Count;
                    _arrived = _bytes += operation;
                    break;
            }
        }

        public bool IsSame(ushort id, SendOrder order) => _putOf[id] is var put && (put < 0
            || (order.MayHaveArrived(id) == (put < _left && _bytesBefore[id] < _arrived)
                && order.IsOvertaken(id) == _answered.Exists(answered => answered > put)
                && order.HasAnsweredSince(id) == _answered.Count > _answersBefore[id]
                && order.After(id) == _puts.Count - 1 - put));
    }
}
