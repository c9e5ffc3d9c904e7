using System;
using System.Collections.Generic;
using System.Linq;
using System.Net;
using System.Text;
using Fastdist.Dns;
using Fastdist.Rules.Actions;
using Fastdist.Rules.Selectors;
using Fastdist.Settings.Rules;
using Fastdist.Simulation.Models;

namespace Fastdist.Simulation.Profiles;

/// <summary>
/// Everything at once, and rules decide: some names are dropped, refused, or lose their answers; around these stand rules by lot that change much on the way and
/// nothing that a client is to see.
/// </summary>
internal static class Ruled
{
    /// <summary>Names of tags that there are, and so tags on a query at most.</summary>
    public const int MostTags = 3;

    public static void Play(World world)
    {
        bool isOverUdp = world.Random.Next(3) == 0;
        Chaos.Play(world, options => isOverUdp ? Datagrams.OverUdp(world, options) : options, static plan => plan, Begun);
    }

    /// <summary>There are rules from the beginning, and others in between.</summary>
    public static void Begun(World world)
    {
        world.Use(Draw(world));
        for (int others = world.Random.Next(4); others > 0; others--)
        {
            world.After(world.Random.NextInt64(10_000_000), () => world.Use(Draw(world)));
        }
    }

    private static RuleChains Draw(World world)
    {
        Random random = world.Random;
        List<Rule> queries = Several(world, isForAnswers: false), answers = Several(world, isForAnswers: true);
        queries.Insert(random.Next(queries.Count + 1), new Rule(Names(NameKind.Dropped), new DropAction()));
        queries.Insert(random.Next(queries.Count + 1), new Rule(Names(NameKind.Refused), new RcodeAction((ushort)Rcode.Refused, new AnswerTraits())));
        answers.Insert(random.Next(answers.Count + 1), new Rule(Names(NameKind.Unheard), new DropAction(isForAnswers: true)));
        if (random.Next(2) == 0)
        {
            queries.Insert(random.Next(queries.Count + 1), new Rule(new AndSelector([new NotSelector(new OrSelector([Names(NameKind.Dropped), Names(NameKind.Refused)])), Selector(world, 2)]), new AllowAction()));
            answers.Insert(random.Next(answers.Count + 1), new Rule(new AndSelector([new NotSelector(Names(NameKind.Unheard)), Selector(world, 2)]), new AllowAction(isForAnswers: true)));
        }

        return RuleChains.None.With(ChainKind.Query, queries).With(ChainKind.Response, answers).With(ChainKind.SelfAnsweredResponse, Several(world, isForAnswers: true));
    }

    private static List<Rule> Several(World world, bool isForAnswers) =>
        [.. Enumerable.Range(0, world.Random.Next(8)).Select(_ => new Rule(Selector(world, world.Random.Next(3)), isForAnswers ? OfAnswer(world) : OfQuery(world)))];

    private static Selector Selector(World world, int depth)
    {
        Random random = world.Random;
        if (depth > 0)
        {
            return random.Next(3) switch
            {
                0 => new AndSelector([.. Enumerable.Range(0, random.Next(3)).Select(_ => Selector(world, depth - 1))]),
                1 => new OrSelector([.. Enumerable.Range(0, random.Next(3)).Select(_ => Selector(world, depth - 1))]),
                _ => new NotSelector(Selector(world, depth - 1)),
            };
        }

        return random.Next(10) switch
        {
            0 => new AllSelector(),
            1 => Names((NameKind)random.Next(Enum.GetValues<NameKind>().Length)),
            2 => new StreamSelector(random.Next(2) == 0),
            3 => new RecursionDesiredSelector(),
            4 => new EdnsOptionSelector(65002),
            5 => new ProbabilitySelector(0.5),
            6 => new TagSelector(Tag(random), random.Next(2) == 0 ? null : "1"),
            7 => new RateSelector(10, 20),
            8 => new RecordsCountSelector(1, 1, 1),
            _ => new PoolAvailableSelector(""),
        };
    }

    private static RuleAction OfQuery(World world)
    {
        Random random = world.Random;
        return random.Next(11) switch
        {
            0 => new NoneAction(),
            1 => new SwitchAction((Switch)random.Next(Enum.GetValues<Switch>().Length)),
            2 => new EdnsOptionAction(65002, new byte[random.Next(100)]),
            3 => new DelayAction(random.Next(40)),
            4 => new TagAction(Tag(random), $"{random.Next(2)}"),
            5 => new UntagAction(Tag(random)),
            6 => new PoolAction("", stops: false),
            7 => new ReturnedTtlAction((uint)random.Next(100)),
            8 => new SubnetPrefixAction(16, 48),
            9 => new ContinueAction(new DropAction()),
            _ => new SubnetAction(IPNetwork.Parse("192.0.2.0/24"), null),
        };
    }

    private static RuleAction OfAnswer(World world)
    {
        Random random = world.Random;
        return random.Next(7) switch
        {
            0 => new TtlRangeAction((uint)random.Next(50), (uint)random.Next(50, 100), []),
            1 => new ReducedTtlAction(random.Next(101)),
            2 => new ClearTypesAction([RecordType.TXT, RecordType.SRV]),
            3 => new DelayAction(random.Next(40), isForAnswers: true),
            4 => new TagAction(Tag(random), "1", isForAnswers: true),
            5 => new UntagAction(Tag(random), isForAnswers: true),
            _ => new SwitchAction(Switch.SkipCache, isForAnswers: true),
        };
    }

    private static string Tag(Random random) => $"tag{random.Next(MostTags)}";

    private static SuffixSelector Names(NameKind kind)
    {
        var names = new SuffixSet();
        names.Add(DomainName.TryParse(Encoding.ASCII.GetBytes($"{kind}.simulation"), out DomainName? name) ? name : throw new FormatException($"{kind}"));
        return new SuffixSelector(names);
    }
}
