using System.Collections.Generic;
using System.Diagnostics;
using System.Net;
using Fastdist.Control.Configuration.Language;
using Fastdist.Lua;
using Fastdist.Rules.Rates;
using Fastdist.Rules.Selectors;
using static Fastdist.Control.Configuration.Objects.ValueMethod;
using SocketAddress = Fastdist.Ring.SocketAddress;

namespace Fastdist.Control.Configuration.Objects.Rules;

/// <summary>Addresses that are listed for a time, and rates that scripts ask, as objects.</summary>
internal static class LimitObjects
{
    private const int LongestSeconds = 365 * 86400;

    /// <summary>Methods of a list, which is their first argument.</summary>
    public static readonly IReadOnlyList<Function> AddressMethods =
    [
        Doing<TimedAddresses>("add", "address, seconds", "list an address for so long, or for as long as it is listed anyway when that is longer", 2, Add),
        Doing<TimedAddresses>("cleanup", "", "take out what is listed no longer", 0, static (self, _) => self.CleanUp(Now)),
        Doing<TimedAddresses>("clear", "", "take all addresses out", 0, static (self, _) => self.Clear()),
        Giving<TimedAddresses>("slice", "", "a selector of clients that are listed", 0, static (self, _) => RuleObjects.Of(new TimedAddressSelector(self))),
    ];

    private static readonly LuaClass s_addresses = ObjectClass.Make<TimedAddresses>("TimedIPSetRule", "timedipset", AddressMethods, [], static self => $"Src: {self.Count} ips");

    /// <summary>Methods of a rate, which is their first argument.</summary>
    public static readonly IReadOnlyList<Function> LimiterMethods =
    [
        Giving<QpsLimiter>("check", "", "whether one more may be now; takes it when it may", 0, static (self, _) => LuaValue.Of(self.Check(Now))),
    ];

    private static readonly LuaClass s_limiter = ObjectClass.Make<QpsLimiter>("QPSLimiter", "qpslimiter", LimiterMethods, [], static _ => "QPSLimiter");

    /// <summary>Microseconds, by the clock that shards go by.</summary>
    private static long Now => (long)(Stopwatch.GetTimestamp() * (1e6 / Stopwatch.Frequency));

    /// <summary>The object of a list.</summary>
    public static LuaValue Of(TimedAddresses addresses) => new LuaObject(s_addresses, addresses);

    /// <summary>The object of a rate.</summary>
    public static LuaValue Of(QpsLimiter limiter) => new LuaObject(s_limiter, limiter);

    private static void Add(TimedAddresses self, Arguments arguments)
    {
        SocketAddress address = SocketAddress.From(new IPEndPoint(SocketAddress.Unmapped(arguments.Address(1).Address), 0));
        if (!self.Add(address, (uint)arguments.Integer(2, "seconds", 0, LongestSeconds), Now))
        {
            throw new ScriptException($"there is room for {TimedAddresses.Most} addresses only");
        }
    }
}
