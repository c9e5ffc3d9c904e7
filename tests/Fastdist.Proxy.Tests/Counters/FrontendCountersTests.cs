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
}
