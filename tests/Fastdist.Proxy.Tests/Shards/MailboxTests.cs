using System.Linq;
using System.Threading;
using Fastdist.Proxy.Shards;
using Xunit;

namespace Fastdist.Proxy.Tests.Shards;

public class MailboxTests
{
    private const int Capacity = 65536;

    [Fact]
    public void Messages_are_taken_in_the_order_they_were_left()
    {
        var box = new Mailbox();
        Assert.True(box.TryPost(new Message(MessageKind.BackendState, 1, IsUp: true)));
        Assert.True(box.TryPost(new Message(MessageKind.BackendChange, 2)));
        Assert.True(box.TryTake(out Message first));
        Assert.True(box.TryTake(out Message second));
        Assert.False(box.TryTake(out _));
        Assert.Equal(new Message(MessageKind.BackendState, 1, IsUp: true), first);
        Assert.Equal(new Message(MessageKind.BackendChange, 2), second);
    }

    [Fact]
    public void A_box_full_of_connections_refuses_further_ones_and_keeps_what_it_has()
    {
        var box = new Mailbox();
        for (int i = 0; i < Capacity; i++)
        {
            Assert.True(box.TryPost(new Message(MessageKind.Adopt, i)));
        }

        Assert.False(box.TryPost(new Message(MessageKind.Adopt)));
        Assert.True(box.TryTake(out Message first));
        Assert.Equal(0, first.Index);
        Assert.True(box.TryPost(new Message(MessageKind.Adopt)));
    }

    [Fact]
    public void Changes_and_verdicts_are_taken_however_full_it_is()
    {
        var box = new Mailbox();
        for (int i = 0; i < Capacity; i++)
        {
            box.TryPost(new Message(MessageKind.Adopt, i));
        }

        Assert.All(
            [MessageKind.Change, MessageKind.BackendState, MessageKind.BackendChange],
            kind => Assert.True(box.TryPost(new Message(kind))));
    }

    [Fact]
    public void What_several_threads_leave_arrives_once_and_in_each_threads_order()
    {
        const int Threads = 4;
        const int Each = 10_000;
        var box = new Mailbox();
        Thread[] posters = [.. Enumerable.Range(0, Threads).Select(thread => new Thread(() =>
        {
            for (int i = 0; i < Each; i++)
            {
                box.TryPost(new Message(MessageKind.Adopt, i, thread));
            }
        }))];
        foreach (Thread poster in posters)
        {
            poster.Start();
        }

        var next = new int[Threads];
        while (next.Sum() < Threads * Each)
        {
            if (box.TryTake(out Message message))
            {
                Assert.Equal(next[message.Descriptor]++, message.Index);
            }
            else
            {
                Thread.Yield();
            }
        }

        foreach (Thread poster in posters)
        {
            poster.Join();
        }

        Assert.False(box.TryTake(out _));
    }
}
