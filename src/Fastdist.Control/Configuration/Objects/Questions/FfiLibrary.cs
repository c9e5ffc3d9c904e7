using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using Fastdist.Dns;
using Fastdist.Lua;
using Fastdist.Rules.Chains;
using Fastdist.Rules.Selectors;
using Fastdist.Settings;

namespace Fastdist.Control.Configuration.Objects.Questions;

/// <summary>
/// What scripts get by <c>require("ffi")</c>: functions of the names that dnsdist's C interface has, in a table of ours, and as much of LuaJIT's library as
/// scripts need to call them. <c>ffi.lua</c> adds those that write through pointers.
/// </summary>
internal static class FfiLibrary
{
    private const string Prefix = "dnsdist_ffi_dnsquestion_";

    private static readonly Dictionary<string, LuaNative> s_question = new()
    {
        ["get_qname_raw"] = Native.On(static (frame, question) => frame.Return(question.Name)),
        ["get_qname_hash"] = Native.On(static (frame, question) => frame.Return(Names.Hash(question.Name, frame.TryGetInteger(1, 0, uint.MaxValue, out long seed) ? (uint)seed : 0))),
        ["get_qtype"] = Native.On(static (frame, question) => frame.Return((int)question.Type)),
        ["get_qclass"] = Native.On(static (frame, question) => frame.Return(question.Class)),
        ["get_id"] = Native.On(static (frame, question) => frame.Return(Header.Id(question.Message))),
        ["get_localaddr"] = Native.On(static (frame, question) =>
        {
            Ring.SocketAddress local = question.Local;
            frame.Return(local.AddressBytes);
        }),
        ["get_remoteaddr"] = Native.On(static (frame, question) =>
        {
            Ring.SocketAddress client = question.Client;
            frame.Return(client.AddressBytes);
        }),
        ["get_masked_remoteaddr"] = Native.On(static (frame, question) =>
        {
            if (Native.Integer(frame, 1, "bits", 0, 128, out int bits))
            {
                frame.Return(new AddressAndPort(question.Client.ToEndPoint().Address, 0).Truncate(bits).Address.GetAddressBytes());
            }
        }),
        ["is_remote_v6"] = Native.On(static (frame, question) => frame.Return(question.Client.IsIPv6)),
        ["get_local_port"] = Native.On(static (frame, question) => frame.Return(question.Local.Port)),
        ["get_remote_port"] = Native.On(static (frame, question) => frame.Return(question.Client.Port)),
        ["get_rcode"] = Native.On(static (frame, question) => frame.Return((int)Header.Rcode(question.Message))),
        ["get_header"] = Native.On(static (frame, question) => frame.Return(question.Message[..Header.Size])),
        ["get_len"] = Native.On(static (frame, question) => frame.Return(question.Message.Length)),
        ["get_size"] = Native.On(static (frame, question) => frame.Return(question.Message.Length)),
        ["get_content"] = Native.On(static (frame, question) => frame.Return(question.Message)),
        ["get_opcode"] = Native.On(static (frame, question) => frame.Return((int)Header.Opcode(question.Message))),
        ["get_tcp"] = Native.On(static (frame, question) => frame.Return(question.Transport != Transport.Udp)),
        ["get_protocol"] = Native.On(static (frame, question) => frame.Return(ProtocolOf(question.Transport))),
        ["get_elapsed_us"] = Native.On(static (frame, question) => frame.Return(question.Elapsed)),
        ["get_do"] = Native.On(static (frame, question) => frame.Return(question.IsDnssecOk)),
        ["get_sni"] = Native.On(static (frame, question) => frame.Return(question.ServerName)),
        ["get_skip_cache"] = Native.On(static (frame, question) => frame.Return(question.SkipsCache)),
        ["get_use_ecs"] = Native.On(static (frame, question) => frame.Return(question.TellsSubnet)),
        ["get_ecs_override"] = Native.On(static (frame, question) => frame.Return(question.ReplacesSubnet)),
        ["get_ecs_prefix_length"] = Native.On(static (frame, question) => frame.Return(question.SubnetPrefix)),
        ["is_temp_failure_ttl_set"] = Native.On(static (frame, question) => frame.Return(question.FailureTtl is not null)),
        ["get_temp_failure_ttl"] = Native.On(static (frame, question) => frame.Return(question.FailureTtl ?? 0)),
        ["get_http_path"] = Http(static (frame, question) => frame.Return(HttpMembers.Path(question))),
        ["get_http_query_string"] = Http(static (frame, question) => frame.Return(HttpMembers.QueryString(question))),
        ["get_http_host"] = Http(static (frame, question) => Native.Return(frame, HttpMembers.Host(question))),
        ["get_http_scheme"] = Http(static (frame, question) => Native.Return(frame, HttpMembers.Scheme(question))),
        ["get_http_headers"] = Native.On(static (frame, question) => frame.Return(Rows(HttpMembers.Headers(question), "name", "value"))),
        ["get_edns_options"] = Native.On(static (frame, question) => frame.Return(OptionsOf(question))),
        ["get_tag"] = Native.On(static (frame, question) =>
        {
            if (Native.Text(frame, 1, "label", out string name))
            {
                Native.Return(frame, question.TagStore.TryGet(question.Tags, name, out string? value) ? value : null);
            }
        }),
        ["get_tag_array"] = Native.On(static (frame, question) => frame.Return(Rows(question.TagStore.Of(question.Tags), "name", "value"))),
        ["get_trailing_data"] = Native.On(static (frame, question) => frame.Return(QuestionMethods.TrailingData(question))),
        ["set_trailing_data"] = QuestionMethods.OfQueries["setTrailingData"],
        ["set_tag"] = QuestionMethods.OfQueries["setTag"],
        ["set_rcode"] = QuestionObject.Queries.Setters["rcode"],
        ["set_len"] = QuestionObject.Queries.Setters["len"],
        ["set_skip_cache"] = QuestionObject.Queries.Setters["skipCache"],
        ["set_use_ecs"] = QuestionObject.Queries.Setters["useECS"],
        ["set_ecs_override"] = QuestionObject.Queries.Setters["ecsOverride"],
        ["set_ecs_prefix_length"] = QuestionObject.Queries.Setters["ecsPrefixLength"],
        ["set_temp_failure_ttl"] = QuestionObject.Queries.Setters["tempFailureTTL"],
        ["unset_temp_failure_ttl"] = Native.On(static (_, question) => question.FailureTtl = null),
        ["set_max_returned_ttl"] = Native.On(SetMostTtl),
        ["set_extended_dns_error"] = QuestionMethods.OfQueries["setExtendedDNSError"],
        ["set_http_response"] = QuestionMethods.OfQueries["setHTTPResponse"],
        ["set_result"] = Native.On(static (frame, question) =>
        {
            if (Native.Bytes(frame, 1, "result", out ReadOnlySpan<byte> text))
            {
                question.SetText(text);
            }
        }),
        ["spoof_raw"] = Native.Editing(static (frame, question) =>
        {
            if (frame[1] is LuaTable values && values.Items.All(static value => value is LuaString))
            {
                question.TryAnswer([.. values.Items.Select(value => (question.Type, ((LuaString)value).Bytes.ToArray()))], AnswerTraits.DefaultTtl);
            }
            else
            {
                frame.Fail("expected values with value and size");
            }
        }),
        ["spoof_packet"] = QuestionMethods.OfQueries["setContent"],
    };

    private static readonly Dictionary<string, LuaNative> s_response = new()
    {
        ["set_min_ttl"] = Ttl(static (question, numbers) => TimeToLive.Raise(question.Edit()[..question.Message.Length], numbers[0]), 1),
        ["set_max_ttl"] = Ttl(static (question, numbers) => TimeToLive.Cap(question.Edit()[..question.Message.Length], numbers[0]), 1),
        ["limit_ttl"] = Ttl(static (question, numbers) => TimeToLive.Limit(question.Edit()[..question.Message.Length], numbers[0], numbers[1], default), 2),
        ["set_max_returned_ttl"] = Native.On(SetMostTtl),
        ["clear_records_type"] = Native.Editing(static (frame, question) =>
        {
            if (Native.Integer(frame, 1, "type", 0, ushort.MaxValue, out int type))
            {
                int length = question.Message.Length;
                RecordClearing.TryClear(question.Edit(), ref length, [(RecordType)type], new byte[ushort.MaxValue]);
                question.EndEdit(length);
            }
        }),
    };

    private static readonly Dictionary<string, LuaNative> s_all = new(
        s_question.Select(static function => KeyValuePair.Create($"{Prefix}{function.Key}", function.Value))
            .Concat(s_response.Select(static function => KeyValuePair.Create($"dnsdist_ffi_dnsresponse_{function.Key}", function.Value))));

    private static readonly Lazy<byte[]> s_script = new(static () =>
    {
        using Stream script = typeof(FfiLibrary).Assembly.GetManifestResourceStream("ffi.lua")!;
        var text = new byte[script.Length];
        script.ReadExactly(text);
        return text;
    });

    private delegate void Changing(Question question, ReadOnlySpan<uint> numbers);

    /// <summary>Names of all functions, those of <c>ffi.lua</c> left out.</summary>
    public static IEnumerable<string> Functions => s_all.Keys;

    /// <summary>Gives the library to a world.</summary>
    public static void Install(LuaState state)
    {
        state.Set("__ffi", s_all);
        state.Load(s_script.Value, "=ffi").Call();
    }

    /// <summary>One that gives nil for a query that did not come over HTTP.</summary>
    private static LuaNative Http(Native.Body body) => Native.On((frame, question) =>
    {
        if (question.HasRequest)
        {
            body(frame, question);
        }
        else
        {
            frame.ReturnNil();
        }
    });

    private static LuaNative Ttl(Changing change, int count) => Native.Editing((frame, question) =>
    {
        Span<uint> numbers = stackalloc uint[count];
        for (int i = 0; i < count; i++)
        {
            if (!Native.Integer(frame, 1 + i, "ttl", 0, int.MaxValue, out int number))
            {
                return;
            }

            numbers[i] = (uint)number;
        }

        change(question, numbers);
    });

    private static void SetMostTtl(LuaFrame frame, Question question)
    {
        if (Native.Integer(frame, 1, "ttl", 0, int.MaxValue, out int seconds))
        {
            question.SetMostTtl((uint)seconds);
        }
    }

    /// <summary>dnsdist's numbers: Do53 UDP and TCP, DNSCrypt UDP and TCP, DoT, DoH.</summary>
    private static int ProtocolOf(Transport transport) => transport switch
    {
        Transport.Udp => 0,
        Transport.Tcp => 1,
        Transport.Tls => 4,
        _ => 5,
    };

    private static LuaValue Rows(IEnumerable<(string, string)> rows, string first, string second) =>
        LuaValue.Of([.. rows.Select(row => new LuaTable([], [(LuaValue.Of(first), LuaValue.Of(row.Item1)), (LuaValue.Of(second), LuaValue.Of(row.Item2))]))]);

    private static LuaValue OptionsOf(Question question)
    {
        var rows = new List<LuaValue>();
        var walk = new OptionWalk(question.Message);
        while (walk.Next())
        {
            rows.Add(new LuaTable([],
                [(LuaValue.Of("optionCode"), LuaValue.Of(walk.Code)), (LuaValue.Of("len"), LuaValue.Of(walk.Data.Length)), (LuaValue.Of("data"), new LuaString(walk.Data.ToArray()))]));
        }

        return LuaValue.Of(rows);
    }
}
