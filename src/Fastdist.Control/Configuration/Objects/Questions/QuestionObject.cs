using System;
using System.Collections.Generic;
using System.Linq;
using Fastdist.Control.Configuration.Dnsdist;
using Fastdist.Dns;
using Fastdist.Lua;
using Fastdist.Rules.Selectors;
using Fastdist.Settings;
using Fastdist.Settings.Tables;

namespace Fastdist.Control.Configuration.Objects.Questions;

/// <summary>Queries and answers as objects, <c>dq</c> and <c>dr</c>: their members. Reading one makes nothing but for names and addresses.</summary>
internal static class QuestionObject
{
    private static readonly Dictionary<string, LuaNative> s_getters = new()
    {
        ["localaddr"] = Native.On(static (frame, question) => frame.Return(AddressOf(question.Local))),
        ["remoteaddr"] = Native.On(static (frame, question) => frame.Return(AddressOf(question.Client))),
        ["qname"] = Native.On(static (frame, question) => frame.Return(DomainName.TryRead(question.Name, out DomainName? name) ? NameObject.Of(name) : LuaValue.Nil)),
        ["qtype"] = Native.On(static (frame, question) => frame.Return((int)question.Type)),
        ["qclass"] = Native.On(static (frame, question) => frame.Return(question.Class)),
        ["opcode"] = Native.On(static (frame, question) => frame.Return((int)Header.Opcode(question.Message))),
        ["tcp"] = Native.On(static (frame, question) => frame.Return(question.Transport != Transport.Udp)),
        ["rcode"] = Native.On(static (frame, question) => frame.Return((int)Header.Rcode(question.Message))),
        ["len"] = Native.On(static (frame, question) => frame.Return(question.Message.Length)),
        ["size"] = Native.On(static (frame, question) => frame.Return(question.Message.Length)),
        ["skipCache"] = Native.On(static (frame, question) => frame.Return(question.SkipsCache)),
        ["pool"] = Native.On(static (frame, question) => frame.Return(LuaValue.Of(question.Pool))),
        ["dh"] = static frame => frame.Return(frame.Target<QuestionWorld>(0)!.Header),
    };

    private static readonly Dictionary<string, LuaNative> s_queryGetters = new(s_getters)
    {
        ["useECS"] = Native.On(static (frame, question) => frame.Return(question.TellsSubnet)),
        ["ecsOverride"] = Native.On(static (frame, question) => frame.Return(question.ReplacesSubnet)),
        ["ecsPrefixLength"] = Native.On(static (frame, question) => frame.Return(question.SubnetPrefix)),
        ["tempFailureTTL"] = Native.On(static (frame, question) =>
        {
            if (question.FailureTtl is { } seconds)
            {
                frame.Return(seconds);
            }
            else
            {
                frame.ReturnNil();
            }
        }),
        ["deviceID"] = static frame => frame.Return(""u8),
        ["deviceName"] = static frame => frame.Return(""u8),
        ["requestorID"] = static frame => frame.Return(""u8),
    };

    private static readonly Dictionary<string, LuaNative> s_setters = new(((string[])["localaddr", "remoteaddr", "qname", "qtype", "qclass", "opcode", "tcp", "size", "dh"])
        .ToDictionary(static name => name, static _ => (LuaNative)Ignore))
    {
        ["rcode"] = Native.On(static (frame, question) =>
        {
            if (Native.Integer(frame, 1, "rcode", 0, 15, out int rcode))
            {
                Header.SetRcode(question.EditFlags(), (Rcode)rcode);
            }
        }),
        ["len"] = Native.Editing(static (frame, question) =>
        {
            if (Native.Integer(frame, 1, "len", Header.Size, ushort.MaxValue, out int length))
            {
                int before = question.Message.Length;
                Span<byte> message = question.Edit();
                if (length > before)
                {
                    message[before..length].Clear();
                }

                question.EndEdit(length);
            }
        }),
        ["skipCache"] = Native.On(static (frame, question) => question.SkipsCache = Native.Boolean(frame, 1, "skipCache", question.SkipsCache)),
        ["pool"] = Native.On(static (frame, question) =>
        {
            if (Native.Text(frame, 1, "pool", out string pool) && !question.TrySetPool(pool))
            {
                frame.Fail($"there is no pool '{pool}'");
            }
        }),
    };

    private static readonly Dictionary<string, LuaNative> s_querySetters = new(s_setters)
    {
        ["useECS"] = Native.On(static (frame, question) => question.TellsSubnet = Native.Boolean(frame, 1, "useECS", question.TellsSubnet)),
        ["ecsOverride"] = Native.On(static (frame, question) => question.ReplacesSubnet = Native.Boolean(frame, 1, "ecsOverride", question.ReplacesSubnet)),
        ["ecsPrefixLength"] = Native.On(static (frame, question) =>
        {
            if (Native.Integer(frame, 1, "ecsPrefixLength", 0, 128, out int bits))
            {
                question.SubnetPrefix = bits;
            }
        }),
        ["tempFailureTTL"] = Native.On(static (frame, question) =>
        {
            if (frame.IsNil(1))
            {
                question.FailureTtl = null;
            }
            else if (Native.Integer(frame, 1, "tempFailureTTL", 0, int.MaxValue, out int seconds))
            {
                question.FailureTtl = (uint)seconds;
            }
        }),
        ["deviceID"] = Ignore,
        ["deviceName"] = Ignore,
        ["requestorID"] = Ignore,
    };

    /// <summary>Names of what a query has: members, then methods.</summary>
    public static IEnumerable<string> NamesOfQueries => Queries.Getters.Keys.Concat(Queries.Natives.Keys);

    /// <summary>Names of what an answer has.</summary>
    public static IEnumerable<string> NamesOfAnswers => Answers.Getters.Keys.Concat(Answers.Natives.Keys);

    /// <summary>What queries are to scripts.</summary>
    public static LuaClass Queries { get; } = Make("DNSQuestion", "dq", s_queryGetters, s_querySetters, QuestionMethods.OfQueries);

    /// <summary>What answers are.</summary>
    public static LuaClass Answers { get; } = Make("DNSResponse", "dr", s_getters, s_setters, QuestionMethods.OfAnswers);

    /// <summary>An address as an object.</summary>
    public static LuaValue AddressOf(Ring.SocketAddress address) => AddressObject.Of(new AddressAndPort(address.ToEndPoint().Address, address.Port));

    private static void Ignore(LuaFrame frame)
    {
    }

    private static LuaClass Make(string name, string owner, Dictionary<string, LuaNative> getters, Dictionary<string, LuaNative> setters, Dictionary<string, LuaNative> methods) => new(name)
    {
        Getters = getters,
        Setters = setters,
        Natives = methods,
        Get = call => throw Unknown($"{call[1]}", owner, getters.Keys.Concat(methods.Keys)),
        Set = call => throw Unknown($"{call[1]}", owner, setters.Keys),
    };

    private static LuaException Unknown(string key, string owner, IEnumerable<string> known) =>
        (DnsdistNames.Find($"{owner}:{key}") ?? DnsdistNames.Find($"{owner}.{key}")) is { Fate: not (Fate.Same or Fate.Different) } name
            ? new LuaException(name.Message)
            : new LuaException($"a {(owner == "dq" ? "DNSQuestion" : "DNSResponse")} has no '{key}'{Nearest.Suggest(key, known)}");
}
