using System;
using System.Linq;

namespace Fastdist.Settings.Tables;

/// <summary>The options of <c>--pool</c>.</summary>
public static class PoolOptionTable
{
    /// <summary>All there are.</summary>
    public static readonly OptionTable<PoolOptions> Table = new(
        new OptionEntry<PoolOptions>("policy", "NAME", "that of --policy", "", $"how a server of the pool is chosen: {PolicyNames.All}", o => o.Policy is { } policy ? PolicyNames.Of(policy) : null, (o, v) => o with { Policy = PolicyNames.Read(v) }));

    /// <summary>Reads <c>NAME[,option=value...]</c>.</summary>
    /// <exception cref="OptionException">It cannot be used.</exception>
    public static PoolOptions Parse(string text)
    {
        string where = $"--pool '{text}'";
        string[] words = text.Split(',');
        return Table.Apply(new PoolOptions { Name = ReadName(words[0], where) }, words.Skip(1), where);
    }

    private static string ReadName(string text, string where)
    {
        try
        {
            return PoolNames.ReadOther(text);
        }
        catch (FormatException exception)
        {
            throw new OptionException($"{where}: {exception.Message}");
        }
    }
}
