using Fastdist.Control.Configuration.Language;
using Fastdist.Control.Configuration.Objects.Rules;
using Fastdist.Dns;
using Fastdist.Settings.Tables;

namespace Fastdist.Control.Configuration.Functions.Rules;

/// <summary>What can be said of an answer that an action makes.</summary>
/// <param name="Traits">How it is made.</param>
internal sealed record AnswerOptions(AnswerTraits Traits)
{
    /// <summary>Type of the records where any is asked for; null for that itself.</summary>
    public RecordType? TypeForAny { get; init; }

    /// <summary>Whether the SOA of an answer that says that there is nothing is in its authority section.</summary>
    public bool IsSoaInAuthority { get; init; }

    /// <summary>Reads a table of them.</summary>
    /// <param name="script">Told of those that there are not.</param>
    /// <param name="arguments">What a function was given.</param>
    /// <param name="index">Where the table is.</param>
    /// <param name="function">The function.</param>
    /// <param name="own">The one that this function has besides those of all; empty for none.</param>
    public static AnswerOptions Read(Script script, Arguments arguments, int index, string function, string own = "")
    {
        OptionReader<AnswerOptions> reader = new OptionReader<AnswerOptions>(function, new OptionTable<AnswerOptions>())
            .With("ttl", static (_, options, value) => options with { Traits = options.Traits with { Ttl = Values.Unsigned(OptionValue.Text(value)) } })
            .With("aa", static (_, options, value) => options with { Traits = options.Traits with { Authoritative = OptionValue.Boolean(value) } })
            .With("ad", static (_, options, value) => options with { Traits = options.Traits with { AuthenticData = OptionValue.Boolean(value) } })
            .With("ra", static (_, options, value) => options with { Traits = options.Traits with { RecursionAvailable = OptionValue.Boolean(value) } });
        reader = own switch
        {
            "typeForAny" => reader.With(own, static (_, options, value) => options with { TypeForAny = RuleArguments.TypeIn(value) ?? throw new System.FormatException("expected a type such as DNSQType.TXT") }),
            "soaInAuthoritySection" => reader.With(own, static (_, options, value) => options with { IsSoaInAuthority = OptionValue.Boolean(value) }),
            _ => reader,
        };
        return reader.Apply(script, new AnswerOptions(new AnswerTraits()), arguments.Options(index));
    }
}
