using System.Linq;
using Fastdist.Proxy.Counters;
using Xunit;

namespace Fastdist.Proxy.Tests.Counters;

public class FrontendCountersTests
{
    [Fact]
    public void A_refused_connection_is_counted_under_its_reason_and_in_the_sum()
    {
        var counters = new FrontendCounters();
        Refuse(Admission.TooMany, 1);
        Refuse(Admission.TooManyOfClient, 2);
        Refuse(Admission.TooFast, 3);
        Refuse(Admission.Banned, 4);
        Assert.Equal((1, 2, 3, 4, 10), (Read("refused-full"), Read("refused-per-client"), Read("refused-rate"), Read("refused-banned"), Read("refused-connections")));

        void Refuse(Admission reason, int times)
        {
            for (int i = 0; i < times; i++)
            {
                counters.CountRefusal(reason);
            }
        }

        long Read(string name) => FrontendCounters.Table.Single(entry => entry.Name == name).Read(counters);
    }

    [Fact]
    public void Counters_have_one_name_each() =>
        Assert.Equal(FrontendCounters.Table.Select(entry => entry.Name).Distinct(), FrontendCounters.Table.Select(entry => entry.Name));

    [Fact]
    public void All_that_was_counted_is_added_but_for_what_is_of_the_moment()
    {
        var one = new FrontendCounters { Doh = new DohCounters() };
        foreach (System.Reflection.FieldInfo field in typeof(FrontendCounters).GetFields().Where(f => f.FieldType == typeof(long) && !f.IsStatic))
        {
            field.SetValue(one, 3L);
        }

        foreach (System.Reflection.FieldInfo field in typeof(DohCounters).GetFields().Where(f => f.FieldType == typeof(long)))
        {
            field.SetValue(one.Doh, 4L);
        }

        one.Latency.Record(5);
        one.HandshakeFailures[1] = 6;
        one.Doh.Refusals[404] = 7;
        one.Doh.Ends[1] = 8;
        var sum = new FrontendCounters { Doh = new DohCounters() };
        sum.Add(one);
        sum.Add(one);
        string[] momentary = [nameof(FrontendCounters.CurrentConnections), nameof(FrontendCounters.InFlight)];
        foreach (System.Reflection.FieldInfo field in typeof(FrontendCounters).GetFields().Where(f => f.FieldType == typeof(long) && !f.IsStatic))
        {
            Assert.Equal((field.Name, momentary.Contains(field.Name) ? 0L : 6L), (field.Name, field.GetValue(sum)));
        }

        foreach (System.Reflection.FieldInfo field in typeof(DohCounters).GetFields().Where(f => f.FieldType == typeof(long)))
        {
            Assert.Equal((field.Name, 8L), (field.Name, field.GetValue(sum.Doh)));
        }

        Assert.Equal((2, 12, 14, 16), (sum.Latency.Count, sum.HandshakeFailures[1], sum.Doh.Refusals[404], sum.Doh.Ends[1]));
    }
}
