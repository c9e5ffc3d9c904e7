using System;
using System.Linq;
using System.Text;
using Fastdist.Dns;
using Fastdist.Proxy.Backends;
using Fastdist.Proxy.InFlight;
using Fastdist.Rules.Actions;
using Fastdist.Rules.Selectors;
using Fastdist.Settings;
using Fastdist.Settings.Rules;
using Xunit;

namespace Fastdist.Proxy.Tests.Backends;

/// <summary>Equal queries in flight are asked once, and each gets an answer of its own.</summary>
public class EqualQueryTests
{
    private const byte TruncatedBit = 2;
    private const int RecordSize = 16;

    /// <summary>Options: a cookie (10) and the client's network 198.51.100.0/24 (8).</summary>
    private static readonly byte[] s_cookie = [0, 10, 0, 8, 1, 2, 3, 4, 5, 6, 7, 8];
    private static readonly byte[] s_network = [0, 8, 0, 7, 0, 1, 24, 0, 198, 51, 100];

    [Fact]
    public void One_is_asked_and_all_are_answered_under_their_own_ID_and_in_their_own_letter_case()
    {
        using BackendBench bench = Bench();
        bench.Ask(Ask(1, "name"));
        bench.Ask(Ask(2, "NAME"));
        bench.Ask(Ask(3, "nAmE"));
        Assert.Equal((3, 1, 2L), (bench.Table.Count, bench.SentTo(0).Length, bench.Shared));

        bench.AnswerDatagram(0, "name", Grow(1));
        Assert.Equal([1, 2, 3], bench.Datagrams.Select(answer => (int)Header.Id(answer)));
        Assert.Equal(["name", "NAME", "nAmE"], bench.Datagrams.Select(answer => Encoding.ASCII.GetString(answer, 13, 4)));
        Assert.All(bench.Datagrams, answer => Assert.Equal((1, true), (Header.AnswerCount(answer), Header.IsResponse(answer))));
        Assert.Equal((1L, 3L), (bench.Backends[0].Counters.Responses, bench.UdpCounters.Responses));
        AssertEmpty(bench);

        bench.Ask(Ask(4, "name"));
        Assert.Equal(2, bench.SentTo(0).Length);
    }

    [Fact]
    public void What_is_cut_for_one_client_is_whole_for_another()
    {
        using BackendBench bench = Bench();
        bench.Ask(Ask(1));
        bench.AskOverStream(Ask(2));
        bench.Ask(Ask(3), limit: 1232);
        bench.Ask(Ask(4));
        bench.AnswerDatagram(0, "a", Grow(40));
        int whole = Ask(1).Length + (40 * RecordSize);
        Assert.Equal([false, true, true], new int[] { 3, 1, 4 }.Select(id => Header.IsTruncated(bench.DatagramTo((ushort)id))));
        Assert.Equal((whole, whole), (bench.DatagramTo(3).Length, Assert.Single(bench.StreamAnswers).Length));
        AssertEmpty(bench);
    }

    [Fact]
    public void An_answer_that_the_backend_cut_is_no_answer_for_who_takes_more_and_those_are_asked_once_for_the_longest()
    {
        using BackendBench bench = Bench();
        bench.Ask(Ask(1));
        bench.Ask(Ask(2));
        bench.Ask(Ask(3), limit: 1232);
        bench.AskOverStream(Ask(4));
        bench.Ask(Ask(5), limit: 1000);
        bench.AnswerDatagram(0, "a", (ref byte[] answer) => answer[2] |= TruncatedBit);
        Assert.Equal([1, 2], bench.Answers.Keys.Order());
        Assert.Equal((1, 1), (bench.SentTo(0).Length, bench.Groups));

        bench.Flush();
        Assert.Equal((2, 3), (bench.SentTo(0).Length, bench.Table.Count));
        bench.AnswerDatagram(0, "a", Grow(1));
        Assert.Equal([1, 2, 3, 5], bench.Answers.Keys.Order());
        Assert.Single(bench.StreamAnswers);
        AssertEmpty(bench);
    }

    [Fact]
    public void Nobody_sees_the_cookie_of_another()
    {
        using BackendBench bench = Bench();
        bench.Ask(AskEdns(1, s_cookie), limit: 1232);
        bench.Ask(AskEdns(2), limit: 1232);
        byte[] other = [.. s_cookie[..4], 9, 9, 9, 9, 9, 9, 9, 9];
        bench.Ask(AskEdns(3, other), limit: 1232);
        Assert.Single(bench.SentTo(0));
        bench.AnswerDatagram(0);
        Assert.True(bench.DatagramTo(1).AsSpan().IndexOf(s_cookie) >= 0);
        Assert.All([bench.DatagramTo(2), bench.DatagramTo(3)], answer => Assert.Equal((1, -1), (Header.AdditionalCount(answer), answer.AsSpan().IndexOf(s_cookie[4..]))));
        AssertEmpty(bench);
    }

    [Fact]
    public void What_differs_is_asked_by_itself()
    {
        using BackendBench bench = Bench();
        bench.JoinSecond(0);
        byte[][] different =
        [
            Ask(1), Ask(2, "b"), Ask(3, type: 28), Ask(4, flags: 0), Ask(5, flags: 0x110), AskEdns(6), AskEdns(7, dnssecOk: true), AskEdns(8, s_network),
        ];
        Array.ForEach(different, message => bench.Ask(message));
        bench.Ask(Ask(9), decide: static (ref decision) => decision.Pool = 1);
        Assert.Equal((different.Length + 1, 0L), (bench.SentTo(0).Length, bench.Shared));
    }

    [Fact]
    public void What_no_cache_may_know_and_what_has_none_takes_no_part()
    {
        using BackendBench bench = Bench();
        bench.JoinSecond(0);
        for (ushort id = 1; id <= 2; id++)
        {
            bench.Ask(Ask(id, type: 252));
            bench.Ask(Ask(id), decide: static (ref decision) => decision.Notes = DecisionNotes.SkipsCache);
            bench.Sharing(0);
            bench.Ask(Ask(id), decide: static (ref decision) => decision.Pool = 1);
        }

        Assert.Equal((6, 0), (bench.SentTo(0).Length, bench.Groups));
    }

    [Fact]
    public void Clients_of_one_network_are_equal_where_backends_are_told_and_each_sees_what_it_asked_for()
    {
        using BackendBench bench = Bench(static options => options with { UseClientSubnet = true });
        bench.Ask(Ask(1), peer: "198.51.100.1");
        bench.Ask(Ask(2), peer: "198.51.100.2");
        bench.Ask(Ask(3), peer: "198.51.101.1");
        Assert.Equal((2, 1L), (bench.SentTo(0).Length, bench.Shared));
        bench.AnswerAll(0);
        Assert.Equal(3, bench.Datagrams.Count);
        Assert.All(bench.Datagrams, answer => Assert.Equal(0, Header.AdditionalCount(answer)));

        bench.Ask(AskEdns(4, s_network), limit: 1232, peer: "198.51.100.1");
        bench.Ask(AskEdns(5, s_network), limit: 1232, peer: "203.0.113.1");
        Assert.Equal(3, bench.SentTo(0).Length);
        bench.AnswerAll(0);
        Assert.All([bench.DatagramTo(4), bench.DatagramTo(5)], answer => Assert.True(answer.AsSpan().IndexOf(s_network) >= 0));
        AssertEmpty(bench);
    }

    [Fact]
    public void What_rules_decide_about_one_is_done_to_that_one()
    {
        using BackendBench bench = Bench();
        bench.UseRules(new Rule(new TagSelector("unwanted", null), new DropAction(isForAnswers: true)));
        bench.Ask(Ask(1));
        bench.Ask(Ask(2), decide: (ref decision) => decision.Tags = bench.Tags("unwanted"));
        bench.Ask(Ask(3), decide: static (ref decision) => decision.MaxTtl = 5);
        bench.AnswerDatagram(0, "a", Grow(1));
        Assert.Equal([1, 3], bench.Answers.Keys.Order());
        Assert.Equal((60, 5, 1L), (bench.DatagramTo(1)[Ask(1).Length + 9], bench.DatagramTo(3)[Ask(1).Length + 9], bench.UdpCounters.RuleDrops));
        AssertEmpty(bench);
    }

    [Fact]
    public void What_rules_changed_in_one_query_its_own_answer_loses_again()
    {
        using BackendBench bench = Bench();
        bench.Ask(AskEdns(1), limit: 1232);
        bench.Ask(AskEdns(2), limit: 1232, decide: static (ref decision) => decision.Notes = DecisionNotes.OptAdded);
        bench.Ask(AskEdns(3), limit: 1232, decide: static (ref decision) => decision.Notes = DecisionNotes.FlagsChanged);
        Assert.Single(bench.SentTo(0));
        bench.AnswerDatagram(0);
        Assert.Equal([1, 0, 1], new int[] { 1, 2, 3 }.Select(id => (int)Header.AdditionalCount(bench.DatagramTo((ushort)id))));
        Assert.Equal([true, true, false], new int[] { 1, 2, 3 }.Select(id => Header.RecursionDesired(bench.DatagramTo((ushort)id))));
        AssertEmpty(bench);
    }

    [Fact]
    public void Each_waits_as_long_as_it_would_by_itself_and_who_has_most_time_left_leads()
    {
        using BackendBench bench = Bench(static options => options with { QueryTimeout = 2000 });
        bench.Ask(Ask(1));
        bench.Pass(1000);
        bench.Ask(Ask(2));
        bench.Pass(500);
        bench.Ask(Ask(3));
        int before = bench.SentTo(0).Length;
        bench.Pass(520);
        Assert.Equal([1], bench.Answers.Keys);
        bench.Flush();
        Assert.True(bench.SentTo(0).Length > before);

        bench.Pass(1000);
        Assert.Equal([1, 2], bench.Answers.Keys.Order());
        Assert.All(bench.Answers.Values, code => Assert.Equal(Rcode.ServFail, code));
        bench.AnswerDatagram(0);
        Assert.Equal(Rcode.NoError, bench.Answers[3]);
        AssertEmpty(bench);
    }

    [Fact]
    public void When_a_leader_is_given_up_one_of_the_others_is_sent_and_not_all()
    {
        using var bench = new BackendBench(share: 1, [BackendBench.Options(1) with { Retries = 0 }]);
        bench.Sharing(0);
        bench.Connect(0);
        bench.Prove(bench.Connections.First(connection => connection.State == ConnectionState.Ready));
        for (ushort id = 1; id <= 20; id++)
        {
            bench.Ask(Ask(id));
        }

        bench.Flush();
        BackendConnection first = bench.Connections.Single(connection => bench.On(connection).Length > 0);
        Assert.Equal([1], bench.On(first));
        bench.ReceiveEnded(first, 104);
        bench.Pass(300);
        bench.Flush();
        bench.Pass(100);
        bench.Flush();
        int[] sent = [.. bench.Connections.SelectMany(bench.On)];
        Assert.Single(sent);
        bench.Answer(bench.Connections.Single(connection => bench.On(connection).Length > 0), (ushort)sent[0]);
        Assert.Equal((20, Rcode.ServFail, 19), (bench.Answers.Count, bench.Answers[1], bench.Answers.Values.Count(code => code == Rcode.NoError)));
        AssertEmpty(bench);
    }

    [Fact]
    public void What_ends_connections_is_not_carried_on_by_who_asks_the_same()
    {
        using var bench = new BackendBench(share: 1, [BackendBench.Options(1)]);
        bench.Sharing(0);
        bench.Connect(0);
        bench.Prove(bench.Connections.First(connection => connection.State == ConnectionState.Ready));
        Enumerable.Range(1, 20).ToList().ForEach(id => bench.Ask(Ask((ushort)id)));
        for (int times = 0; times < 3 && bench.Table.Count > 0; times++)
        {
            bench.Flush();
            bench.ReceiveEnded(bench.Connections.Single(connection => bench.On(connection).Length > 0), 104);
            bench.Pass(300);
        }

        Assert.Equal((20, 1L), (bench.Answers.Values.Count(code => code == Rcode.ServFail), bench.Backends[0].Counters.GaveUp));
        AssertEmpty(bench);
    }

    [Fact]
    public void An_error_that_may_be_about_the_options_of_one_client_is_no_other_s()
    {
        using BackendBench bench = Bench();
        bench.Ask(AskEdns(1, s_cookie), limit: 1232);
        bench.Ask(AskEdns(2), limit: 1232);
        bench.AnswerDatagram(0, "a", static (ref byte[] answer) => answer[3] = (byte)Rcode.FormErr);
        bench.Flush();
        Assert.Equal(2, bench.SentTo(0).Length);
        bench.AnswerAll(0);
        Assert.Equal([Rcode.FormErr, Rcode.NoError], new ushort[] { 1, 2 }.Select(id => Header.Rcode(bench.DatagramTo(id))));
        AssertEmpty(bench);
    }

    [Fact]
    public void Who_is_asked_again_without_what_rules_had_added_leads_nobody_any_more()
    {
        using BackendBench bench = Bench();
        bench.Ask(AskEdns(1), limit: 1232, decide: static (ref decision) => decision.Notes = DecisionNotes.OptAdded);
        bench.Ask(AskEdns(2), limit: 1232);
        bench.Ask(AskEdns(3), limit: 1232);
        bench.AnswerDatagram(0, "a", static (ref byte[] answer) =>
        {
            answer = answer[..Ask(1).Length];
            (answer[3], answer[11]) = ((byte)Rcode.FormErr, 0);
        });
        bench.Flush();
        Assert.Equal([0, 1, 1], bench.SentTo(0).Select(query => (int)Header.AdditionalCount(query)).Order());
        bench.AnswerAll(0);
        Assert.Equal([0, 1, 1], new int[] { 1, 2, 3 }.Select(id => (int)Header.AdditionalCount(bench.DatagramTo((ushort)id))));
        AssertEmpty(bench);
    }

    [Fact]
    public void When_there_is_nobody_to_ask_all_fail()
    {
        using BackendBench bench = BackendBench.Connected(BackendBench.Options(1)).Sharing(0);
        for (ushort id = 1; id <= 200; id++)
        {
            bench.Ask(Ask(id));
        }

        bench.AskOverStream(Ask(201));
        bench.Flush();
        bench.Backends[0].SetMode(HealthCheckMode.Down);
        bench.ReceiveEnded(bench.Connections[0], 0);
        bench.Pass(200);
        bench.Flush();
        Assert.Equal((200, FailureKind.NoBackend), (bench.Answers.Count, Assert.Single(bench.StreamFailures)));
        Assert.All(bench.Answers.Values, code => Assert.Equal(Rcode.ServFail, code));
        AssertEmpty(bench);

        bench.Ask(Ask(300));
        Assert.Equal(Rcode.ServFail, bench.Answers[300]);
        AssertEmpty(bench);
    }

    [Fact]
    public void As_many_follow_as_may_and_the_next_leads()
    {
        using BackendBench bench = Bench();
        for (ushort id = 1; id <= EqualQueries.MostFollowers + 3; id++)
        {
            bench.Ask(Ask(id));
        }

        Assert.Equal((2, 2, EqualQueries.MostFollowers + 1L), (bench.SentTo(0).Length, bench.Groups, bench.Shared));
        bench.AnswerAll(0);
        Assert.Equal(EqualQueries.MostFollowers + 3, bench.Answers.Count);
        AssertEmpty(bench);
    }

    [Fact]
    public void Whose_client_has_left_is_answered_like_others_and_leaves_nothing()
    {
        using BackendBench bench = Bench();
        bench.AskAndLeave(Ask(1));
        bench.Ask(Ask(2));
        bench.AskAndLeave(Ask(3));
        bench.AnswerDatagram(0);
        Assert.Equal([2], bench.Answers.Keys);
        Assert.Equal(2, bench.TcpCounters.LostResponses);
        AssertEmpty(bench);
    }

    [Fact]
    public void An_answer_for_one_alone_has_one_more_be_asked_and_if_that_gets_another_such_all()
    {
        using BackendBench bench = Bench();
        for (ushort id = 1; id <= 5; id++)
        {
            bench.Ask(AskEdns(id, s_cookie), limit: 1232);
        }

        bench.AnswerDatagram(0, "a", BadCookie);
        bench.Flush();
        Assert.Equal((2, 1), (bench.SentTo(0).Length, bench.Answers.Count));
        bench.AnswerDatagram(0, "a", BadCookie);
        bench.Flush();
        Assert.Equal((5, 2), (bench.SentTo(0).Length, bench.Answers.Count));
        bench.AnswerAll(0);
        Assert.Equal(5, bench.Answers.Count);
        AssertEmpty(bench);

        static void BadCookie(ref byte[] answer) => answer[Ask(1).Length + 5] = 1;
    }

    [Fact]
    public void An_answer_for_one_alone_need_not_be_the_others()
    {
        using BackendBench bench = Bench();
        for (ushort id = 1; id <= 5; id++)
        {
            bench.Ask(AskEdns(id), limit: 1232);
        }

        bench.AnswerDatagram(0, "a", static (ref byte[] answer) => answer[Ask(1).Length + 5] = 1);
        bench.Flush();
        bench.AnswerDatagram(0);
        Assert.Equal((2, 5), (bench.SentTo(0).Length, bench.Answers.Count));
        AssertEmpty(bench);
    }

    [Fact]
    public void Whatever_happens_each_query_ends_once_and_nothing_is_left()
    {
        for (int seed = 1; seed <= 40; seed++)
        {
            var random = new Random(seed);
            using BackendBench bench = Bench(static options => options with { QueryTimeout = 500 });
            int asked = 0;
            for (int step = 0; step < 300; step++)
            {
                switch (random.Next(8))
                {
                    case < 4:
                        byte[] query = Ask((ushort)asked++, random.Next(2) == 0 ? "a" : "B");
                        _ = random.Next(3) == 0 ? bench.AskOverStream(query) : bench.Ask(query, limit: random.Next(512, 1232));
                        break;
                    case 4:
                        bench.Pass(random.Next(1, 200));
                        break;
                    case 5:
                        bench.AnswerAll(0);
                        break;
                    case 6 when bench.IsAsked(0):
                        byte bit = (byte)(random.Next(2) * TruncatedBit);
                        bench.AnswerDatagram(0, "a", (ref byte[] answer) => answer = random.Next(3) == 0 ? [.. answer, 0] : [.. answer[..2], (byte)(answer[2] | bit), .. answer[3..]]);
                        break;
                    default:
                        bench.Flush();
                        break;
                }
            }

            for (int rest = 0; rest < 60 && bench.Table.Count > 0; rest++)
            {
                bench.Pass(500);
                bench.Flush();
            }

            Assert.Equal(asked, bench.Datagrams.Select(answer => Header.Id(answer)).Distinct().Count() + bench.StreamAnswers.Count + bench.StreamFailures.Count);
            Assert.Equal(bench.Datagrams.Count, bench.Datagrams.Select(answer => Header.Id(answer)).Distinct().Count());
            AssertEmpty(bench);
        }
    }

    private static BackendBench Bench(Func<BackendOptions, BackendOptions>? change = null)
    {
        BackendOptions options = BackendBench.UdpOptions(1);
        return BackendBench.OverUdp(change?.Invoke(options) ?? options).Sharing(0, 1);
    }

    private static void AssertEmpty(BackendBench bench)
    {
        bench.Flush();
        Assert.Equal((0, 0, 0, 0), (bench.Table.Count, bench.Table.Decisions, bench.Groups, bench.Backends[0].Outstanding));
        Assert.True(bench.Backends[0].QueryDeadlines.IsEmpty);
    }

    private static BackendBench.Word Grow(int records) => (ref byte[] answer) =>
    {
        answer[6] = (byte)(records >> 8);
        answer[7] = (byte)records;
        answer = [.. answer, .. Enumerable.Repeat<byte[]>([0xC0, 12, 0, 1, 0, 1, 0, 0, 0, 60, 0, 4, 192, 0, 2, 1], records).SelectMany(record => record)];
    };

    private static byte[] Ask(ushort id, string label = "a", int type = 1, int flags = 0x100) =>
    [
        (byte)(id >> 8), (byte)id, (byte)(flags >> 8), (byte)flags, 0, 1, 0, 0, 0, 0, 0, 0, (byte)label.Length, .. Encoding.ASCII.GetBytes(label), 0, (byte)(type >> 8), (byte)type, 0, 1,
    ];

    private static byte[] AskEdns(ushort id, byte[]? options = null, bool dnssecOk = false)
    {
        byte[] query = [.. Ask(id), 0, 0, 41, 4, 0xD0, 0, 0, (byte)(dnssecOk ? 0x80 : 0), 0, 0, (byte)(options?.Length ?? 0), .. options ?? []];
        query[11] = 1;
        return query;
    }
}
