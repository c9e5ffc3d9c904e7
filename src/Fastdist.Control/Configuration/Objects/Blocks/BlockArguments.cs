using System.Linq;
using Fastdist.Control.Configuration.Language;
using Fastdist.Lua;
using Fastdist.Rules.Blocks;
using Fastdist.Settings.Rules;

namespace Fastdist.Control.Configuration.Objects.Blocks;

/// <summary>Arguments that functions about blocks have in common.</summary>
internal static class BlockArguments
{
    private const int LongestBlock = 365 * 86400;

    /// <summary>Actions by the numbers of the table DNSAction.</summary>
    private static readonly (int Number, BlockAction Action)[] s_actions =
    [
        (0, BlockAction.Drop), (1, BlockAction.Nxdomain), (2, BlockAction.Refused), (8, BlockAction.Truncate), (10, BlockAction.None), (11, BlockAction.NoOp), (12, BlockAction.NoRecurse),
        (15, BlockAction.SetTag),
    ];

    /// <summary>An action; the one of all blocks where there is none.</summary>
    public static BlockAction ActionOfBlock(this Arguments arguments, int index)
    {
        if (!arguments.Has(index))
        {
            return BlockAction.None;
        }

        return TryFind(arguments.Integer(index, "action", 0, 255), out BlockAction action)
            ? action
            : throw arguments.Wrong(index, "action", "DNSAction.Drop, Nxdomain, Refused, Truncate, NoRecurse, NoOp, SetTag or None");
    }

    /// <summary>Finds the action of a number.</summary>
    /// <returns>False when it is none, or none that a block may have.</returns>
    public static bool TryFind(double number, out BlockAction action)
    {
        action = s_actions.FirstOrDefault(entry => entry.Number == number).Action;
        return s_actions.Any(entry => entry.Number == number);
    }

    /// <summary>The number of an action.</summary>
    public static int NumberOf(BlockAction action) => s_actions.First(entry => entry.Action == action).Number;

    /// <summary>How long a block lasts, seconds.</summary>
    public static uint BlockSeconds(this Arguments arguments, int index, int otherwise = 10) =>
        (uint)(arguments.Has(index) ? arguments.Integer(index, "seconds", 1, LongestBlock) : otherwise);

    /// <summary>Seconds that a rule looks back.</summary>
    public static int Window(this Arguments arguments, int index) => arguments.Integer(index, "seconds", 0, BlockRules.LongestSeconds);

    /// <summary>A rate.</summary>
    public static double Rate(this Arguments arguments, int index, string name) =>
        arguments.Number(index, name) is >= 0 and var rate && double.IsFinite(rate) ? rate : throw arguments.Wrong(index, name, "a number from 0");

    /// <summary>A share.</summary>
    public static double Ratio(this Arguments arguments, int index, string name) =>
        arguments.Number(index, name) is >= 0 and <= 1 and var ratio ? ratio : throw arguments.Wrong(index, name, "a number from 0 to 1");

    /// <summary>What rules have in common, with the tag that is set by their options.</summary>
    /// <param name="rule">The rule.</param>
    /// <param name="script">The script.</param>
    /// <param name="arguments">The arguments.</param>
    /// <param name="window">Where the seconds stand; reason and seconds of the block come after.</param>
    /// <param name="action">Where the action stands.</param>
    /// <param name="options">Where the options stand.</param>
    public static T With<T>(T rule, Script script, Arguments arguments, int window, int action, int options)
        where T : BlockRule
    {
        (string? name, string? value) = Tag(script, arguments.Options(options));
        return rule with
        {
            Seconds = arguments.Window(window),
            Reason = arguments.String(window + 1, "reason"),
            BlockSeconds = arguments.BlockSeconds(window + 2),
            Action = arguments.ActionOfBlock(action),
            TagName = name,
            TagValue = value,
        };
    }

    /// <summary>The tag of a table of options.</summary>
    public static (string? Name, string? Value) Tag(Script script, LuaTable options)
    {
        string? name = null, value = null;
        foreach ((LuaValue key, LuaValue given) in options.Fields)
        {
            switch ($"{key}")
            {
                case "tagName":
                    name = $"{given}";
                    break;
                case "tagValue":
                    value = $"{given}";
                    break;
                default:
                    script.Warn(script.Place, $"unknown option '{key}', left out: there are tagName and tagValue");
                    break;
            }
        }

        return (name, value);
    }
}
