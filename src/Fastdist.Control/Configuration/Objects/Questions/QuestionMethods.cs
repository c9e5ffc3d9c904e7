using System;
using System.Collections.Generic;
using System.Linq;
using Fastdist.Dns;
using Fastdist.Lua;
using Fastdist.Rules.Actions;
using Fastdist.Rules.Chains;
using Fastdist.Rules.Selectors;

namespace Fastdist.Control.Configuration.Objects.Questions;

/// <summary>What scripts do with queries and answers: the methods of <c>dq</c> and <c>dr</c>.</summary>
internal static class QuestionMethods
{
    private const int NanosecondsPerTick = 100;

    private static readonly Dictionary<string, LuaNative> s_both = new()
    {
        ["getDO"] = Native.On(static (frame, question) => frame.Return(question.IsDnssecOk)),
        ["getContent"] = Native.On(static (frame, question) => frame.Return(question.Message)),
        ["setContent"] = Native.Editing(SetContent),
        ["getHeader"] = Native.On(static (frame, question) => frame.Return(new LuaObject(HeaderObject.Class, new HeaderCopy(question.Message[..Header.Size])))),
        ["setHeader"] = Native.On(SetHeader),
        ["getEDNSOptions"] = Native.On(static (frame, question) => frame.Return(OptionObject.AllOf(question.Message))),
        ["setEDNSOption"] = Native.Editing(static (frame, question) =>
        {
            if (Native.Integer(frame, 1, "code", 0, ushort.MaxValue, out int code) && Native.Bytes(frame, 2, "data", out ReadOnlySpan<byte> data))
            {
                question.SetOption((ushort)code, data);
            }
        }),
        ["setExtendedDNSError"] = Native.On(SetExtendedError),
        ["getTag"] = Native.On(static (frame, question) =>
        {
            if (Native.Text(frame, 1, "name", out string name))
            {
                Native.Return(frame, question.TagStore.TryGet(question.Tags, name, out string? value) ? value : "");
            }
        }),
        ["setTag"] = Native.On(static (frame, question) =>
        {
            if (Native.Text(frame, 1, "name", out string name) && Native.Text(frame, 2, "value", out string value))
            {
                question.Tags = question.TagStore.Set(question.Tags, name, value);
            }
        }),
        ["unsetTag"] = Native.On(static (frame, question) =>
        {
            if (Native.Text(frame, 1, "name", out string name))
            {
                question.Tags = question.TagStore.Unset(question.Tags, name);
            }
        }),
        ["setTagArray"] = Native.On(SetTags),
        ["getTagArray"] = Native.On(static (frame, question) =>
            frame.Return(new LuaTable([], [.. question.TagStore.Of(question.Tags).Select(static tag => (LuaValue.Of(tag.Name), LuaValue.Of(tag.Value)))]))),
        ["getTrailingData"] = Native.On(static (frame, question) => frame.Return(TrailingData(question))),
        ["setTrailingData"] = Native.Editing(static (frame, question) =>
        {
            if (Native.Bytes(frame, 1, "data", out ReadOnlySpan<byte> data))
            {
                frame.Return(TrySetTrailingData(question, data));
            }
        }),
        ["getServerNameIndication"] = Native.On(static (frame, question) => frame.Return(question.ServerName)),
        ["getIncomingInterface"] = Native.On(static (frame, question) => Native.Return(frame, question.Interface)),
        ["getProtocol"] = Native.On(static (frame, question) => frame.Return(ProtocolOf(question.Transport))),
        ["getElapsedUs"] = Native.On(static (frame, question) => frame.Return(question.Elapsed)),
        ["getQueryTime"] = Native.On(static (frame, question) => frame.Return(TimeOf(question))),
        ["changeName"] = Native.Editing(static (frame, question) =>
        {
            if (NameIn(frame[1]) is { } name)
            {
                frame.Return(question.TryChangeName(name));
            }
            else
            {
                frame.Fail("name: expected a DNSName or a string");
            }
        }),
    };

    /// <summary>Those of queries.</summary>
    public static Dictionary<string, LuaNative> OfQueries { get; } = new(s_both)
    {
        ["getHTTPPath"] = Native.On(static (frame, question) => frame.Return(HttpMembers.Path(question))),
        ["getHTTPQueryString"] = Native.On(static (frame, question) => frame.Return(HttpMembers.QueryString(question))),
        ["getHTTPHost"] = Native.On(static (frame, question) => Native.Return(frame, HttpMembers.Host(question))),
        ["getHTTPScheme"] = Native.On(static (frame, question) => Native.Return(frame, HttpMembers.Scheme(question))),
        ["getHTTPHeaders"] = Native.On(static (frame, question) =>
            frame.Return(new LuaTable([], [.. HttpMembers.Headers(question).Select(static field => (LuaValue.Of(field.Name), LuaValue.Of(field.Value)))]))),
        ["setHTTPResponse"] = Native.Editing(static (frame, question) =>
        {
            if (Native.Integer(frame, 1, "status", 200, 599, out int status) && Native.Bytes(frame, 2, "body", out ReadOnlySpan<byte> body))
            {
                question.TryAnswerHttp(status, body);
            }
        }),
        ["spoof"] = Native.Editing(static (frame, question) => SpoofArguments.Answer(frame, question)),
        ["setNegativeAndAdditionalSOA"] = Native.Editing(static (frame, question) => SpoofArguments.AnswerNegative(frame, question)),
    };

    /// <summary>Those of answers.</summary>
    public static Dictionary<string, LuaNative> OfAnswers { get; } = new(s_both)
    {
        ["editTTLs"] = Native.Editing(EditTtls),
        ["getSelectedBackend"] = Native.On(static (frame, question) => frame.Return(question.Backend is { } backend ? ServerObject.OfRunning(Language.Script.Of(frame.State), backend) : LuaValue.Nil)),
        ["getStaleCacheHit"] = Native.On(static (frame, question) => frame.Return(question.IsStale)),
    };

    /// <summary>How a query came, in dnsdist's words.</summary>
    public static ReadOnlySpan<byte> ProtocolOf(Transport transport) => transport switch
    {
        Transport.Udp => "Do53 UDP"u8,
        Transport.Tcp => "Do53 TCP"u8,
        Transport.Tls => "DNS over TLS"u8,
        _ => "DNS over HTTPS"u8,
    };

    /// <summary>What follows the last record; nothing when the message is broken.</summary>
    public static ReadOnlySpan<byte> TrailingData(Question question)
    {
        int end = MessageFacts.EndOfRecords(question.Message);
        return end < 0 ? default : question.Message[end..];
    }

    /// <summary>Puts something behind the last record, in the place of what is there.</summary>
    /// <returns>False when the message is broken, or it does not fit.</returns>
    public static bool TrySetTrailingData(Question question, ReadOnlySpan<byte> data)
    {
        int end = MessageFacts.EndOfRecords(question.Message);
        if (end < 0 || end + data.Length > ushort.MaxValue)
        {
            return false;
        }

        data.CopyTo(question.Edit()[end..]);
        question.EndEdit(end + data.Length);
        return true;
    }

    private static DomainName? NameIn(LuaValue value) => value switch
    {
        LuaObject { Target: Variable<DomainName> name } => name.Value,
        LuaString text when DomainName.TryParse(text.Bytes, out DomainName? name) => name,
        _ => null,
    };

    private static void SetContent(LuaFrame frame, Question question)
    {
        if (!Native.Bytes(frame, 1, "content", out ReadOnlySpan<byte> content))
        {
            return;
        }

        if (content.Length is < Header.Size or > ushort.MaxValue)
        {
            frame.Fail($"content: expected a message of {Header.Size} to {ushort.MaxValue} bytes");
            return;
        }

        // The ID stays: answers are told apart by it.
        ushort id = Header.Id(question.Message);
        Span<byte> message = question.Edit();
        content.CopyTo(message);
        Header.SetId(message, id);
        question.EndEdit(content.Length);
    }

    private static void SetHeader(LuaFrame frame, Question question)
    {
        if (frame.Target<IHeader>(1) is not { Bytes.IsEmpty: false } header)
        {
            frame.Fail("header: expected what getHeader gave");
            return;
        }

        // Flags and RCODE: ID and counts are the message's own.
        Span<byte> flags = question.EditFlags();
        header.Bytes[2..4].CopyTo(flags[2..]);
    }

    private static void SetExtendedError(LuaFrame frame, Question question)
    {
        if (!Native.Integer(frame, 1, "code", 0, ushort.MaxValue, out int code))
        {
            return;
        }

        ReadOnlySpan<byte> text = default;
        if (!frame.IsNil(2) && !Native.Bytes(frame, 2, "text", out text))
        {
            return;
        }

        question.SetExtendedError(new ErrorNote((ushort)code, text.ToArray(), Clears: frame.IsNil(3) || Native.Boolean(frame, 3, "clear", otherwise: true)));
    }

    private static void SetTags(LuaFrame frame, Question question)
    {
        if (frame[1] is not LuaTable table)
        {
            frame.Fail("tags: expected a table of name=value");
            return;
        }

        foreach ((LuaValue name, LuaValue value) in table.Fields)
        {
            question.Tags = question.TagStore.Set(question.Tags, $"{name}", $"{value}");
        }
    }

    /// <summary>When the query came, as a table of seconds and nanoseconds since 1970.</summary>
    private static LuaTable TimeOf(Question question)
    {
        long ticks = (DateTime.UtcNow - DateTime.UnixEpoch).Ticks - (question.Elapsed * TimeSpan.TicksPerMicrosecond);
        return new LuaTable([],
        [
            (LuaValue.Of("tv_sec"), LuaValue.Of(ticks / TimeSpan.TicksPerSecond)), (LuaValue.Of("tv_nsec"), LuaValue.Of(ticks % TimeSpan.TicksPerSecond * NanosecondsPerTick)),
        ]);
    }

    /// <summary>Asks a function about the TTL of each record.</summary>
    private static void EditTtls(LuaFrame frame, Question question)
    {
        if (frame[1] is not LuaFunction edit)
        {
            frame.Fail("expected a function of section, class, type and TTL that gives a TTL");
            return;
        }

        var walk = new TtlWalk(question.Edit()[..question.Message.Length]);
        while (walk.Next())
        {
            LuaValue given = edit.Call(LuaValue.Of((int)walk.Section), LuaValue.Of(walk.Class), LuaValue.Of((int)walk.Type), LuaValue.Of(walk.Ttl));
            if (given is not LuaNumber { Value: >= 0 and <= uint.MaxValue } ttl)
            {
                frame.Fail("the function is to give a TTL, in seconds");
                return;
            }

            walk.Ttl = (uint)ttl.Value;
        }
    }
}
