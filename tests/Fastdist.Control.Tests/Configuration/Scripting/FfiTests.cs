using System.Linq;
using Fastdist.Control.Configuration.Objects.Questions;
using Fastdist.Proxy.Gates;
using Xunit;

namespace Fastdist.Control.Tests.Configuration.Scripting;

/// <summary>What stands for dnsdist's C interface.</summary>
public sealed class FfiTests
{
    /// <summary>As scripts for dnsdist are written: through pointers, and C strings.</summary>
    [Fact]
    public void A_script_for_dnsdist_runs_as_it_is()
    {
        using var bench = new RuleBench("""
            addAction(AllRule(), LuaFFIPerThreadAction([==[
                local ffi = require("ffi")
                local C = ffi.C
                ffi.cdef[[ typedef struct dnsdist_ffi_dnsquestion_t dnsdist_ffi_dnsquestion_t; ]]
                local ret_ptr = ffi.new("char *[1]")
                local ret_ptr_param = ffi.cast("const char **", ret_ptr)
                local ret_size = ffi.new("size_t[1]")
                local ret_size_param = ffi.cast("size_t*", ret_size)
                return function(dq)
                    C.dnsdist_ffi_dnsquestion_get_qname_raw(dq, ret_ptr_param, ret_size_param)
                    local qname = ffi.string(ret_ptr[0], ret_size[0])
                    if qname == "\3www\7example\3com\0" and C.dnsdist_ffi_dnsquestion_get_qtype(dq) == DNSQType.A then
                        C.dnsdist_ffi_dnsquestion_set_result(dq, "192.0.2.1", 9)
                        return DNSAction.Spoof
                    end
                    return DNSAction.None
                end
            ]==]))
            """);
        Assert.Equal(Fate.Answer, bench.Ask(Messages.Query()));
        Assert.Equal(["A 60 C0000201"], Messages.Records(bench.Result));
        Assert.Equal(Fate.Undecided, bench.Ask(Messages.Query(name: "other.test")));
    }

    [Theory]
    [InlineData("get_qname_raw(dq)", "\\003www\\007example\\003com\\000")]
    [InlineData("get_qtype(dq)", "1")]
    [InlineData("get_qclass(dq)", "1")]
    [InlineData("get_id(dq)", "4660")]
    [InlineData("get_rcode(dq)", "0")]
    [InlineData("get_opcode(dq)", "0")]
    [InlineData("get_len(dq)", "33")]
    [InlineData("get_size(dq)", "33")]
    [InlineData("get_tcp(dq)", "false")]
    [InlineData("get_protocol(dq)", "0")]
    [InlineData("get_do(dq)", "false")]
    [InlineData("get_sni(dq) == ''", "true")]
    [InlineData("get_local_port(dq)", "53")]
    [InlineData("get_remote_port(dq)", "40000")]
    [InlineData("is_remote_v6(dq)", "false")]
    [InlineData("get_remoteaddr(dq)", "\\192\\000\\002\\007")]
    [InlineData("get_localaddr(dq)", "\\192\\000\\0025")]
    [InlineData("get_masked_remoteaddr(dq, 16)", "\\192\\000\\000\\000")]
    [InlineData("get_skip_cache(dq)", "false")]
    [InlineData("get_use_ecs(dq)", "true")]
    [InlineData("get_ecs_override(dq)", "false")]
    [InlineData("get_ecs_prefix_length(dq)", "24")]
    [InlineData("is_temp_failure_ttl_set(dq)", "false")]
    [InlineData("get_http_path(dq)", "nil")]
    [InlineData("get_http_host(dq)", "nil")]
    [InlineData("get_tag(dq, 'x')", "nil")]
    [InlineData("get_elapsed_us(dq) < 60000000", "true")]
    [InlineData("get_qname_hash(dq, 0) == C.dnsdist_ffi_dnsquestion_get_qname_hash(dq, 0)", "true")]
    [InlineData("get_trailing_data(dq) == ''", "true")]
    public void A_function_that_reads_does(string call, string text)
    {
        using RuleBench bench = RuleBench.Doing($$"""
            local C = require('ffi').C
            seen = tostring(C.dnsdist_ffi_dnsquestion_{{call}}):gsub('[^%w%.: -]', function(c) return ('\\%03d'):format(c:byte()) end)
            return DNSAction.None
            """);
        bench.Ask(Messages.Query());
        Assert.Equal(text, bench.Log.FirstOrDefault() ?? bench.Seen);
    }

    [Theory]
    [InlineData("set_tag(dq, 'a', 'b')", "get_tag(dq, 'a')", "b")]
    [InlineData("set_tag_raw(dq, 'a', 'bcd', 2)", "get_tag(dq, 'a')", "bc")]
    [InlineData("set_rcode(dq, 5)", "get_rcode(dq)", "5")]
    [InlineData("set_len(dq, 40)", "get_len(dq)", "40")]
    [InlineData("set_skip_cache(dq, true)", "get_skip_cache(dq)", "true")]
    [InlineData("set_use_ecs(dq, false)", "get_use_ecs(dq)", "false")]
    [InlineData("set_ecs_override(dq, true)", "get_ecs_override(dq)", "true")]
    [InlineData("set_ecs_prefix_length(dq, 12)", "get_ecs_prefix_length(dq)", "12")]
    [InlineData("set_temp_failure_ttl(dq, 9)", "get_temp_failure_ttl(dq)", "9")]
    [InlineData("unset_temp_failure_ttl(dq)", "is_temp_failure_ttl_set(dq)", "false")]
    [InlineData("set_trailing_data(dq, 'abc', 2)", "get_trailing_data(dq)", "ab")]
    [InlineData("set_max_returned_ttl(dq, 9)", "get_len(dq)", "33")]
    [InlineData("set_extended_dns_error(dq, 15, 'blocked', 7)", "get_len(dq)", "33")]
    [InlineData("set_http_response(dq, 403, 'no', 2, 'text/plain')", "get_len(dq)", "33")]
    public void A_function_that_changes_does(string change, string read, string text)
    {
        using RuleBench bench = RuleBench.Doing($"local C = require('ffi').C C.dnsdist_ffi_dnsquestion_{change} seen = tostring(C.dnsdist_ffi_dnsquestion_{read}) return DNSAction.None");
        bench.Ask(Messages.Query());
        Assert.Equal(text, bench.Log.FirstOrDefault() ?? bench.Seen);
    }

    [Fact]
    public void Raw_values_are_an_answer()
    {
        using RuleBench bench = RuleBench.Doing("""
            local ffi = require('ffi')
            local values = ffi.new('dnsdist_ffi_raw_value_t [2]')
            values[0].value, values[0].size = ffi.new('char[5]', '\1\2\3\4'), 4
            values[1].value, values[1].size = '\5\6\7\8', 4
            ffi.C.dnsdist_ffi_dnsquestion_spoof_raw(dq, values, 2)
            return DNSAction.HeaderModify
            """);
        Assert.Equal(Fate.Answer, bench.Ask(Messages.Query()));
        Assert.Equal(["A 60 01020304", "A 60 05060708"], Messages.Records(bench.Result));
    }

    [Fact]
    public void A_packet_is_an_answer()
    {
        using RuleBench bench = RuleBench.Doing("local C = require('ffi').C C.dnsdist_ffi_dnsquestion_spoof_packet(dq, dq:getContent(), dq.len) return DNSAction.SpoofPacket");
        Assert.Equal(Fate.Answer, bench.Ask(Messages.Query()));
        Assert.Equal("8100", Messages.Flags(bench.Result));
    }

    [Fact]
    public void Rows_are_counted_from_nought()
    {
        using RuleBench bench = RuleBench.Doing("""
            local ffi = require('ffi')
            dq:setTag('name', 'value')
            local out = ffi.new('const dnsdist_ffi_tag_t *[1]')
            local count = ffi.C.dnsdist_ffi_dnsquestion_get_tag_array(dq, out)
            local buffer = ffi.new('char[10]')
            local size = ffi.C.dnsdist_ffi_dnsquestion_get_tag_raw(dq, 'name', buffer, 3)
            seen = count .. ffi.string(out[0][0].name) .. ffi.string(out[0][0].value) .. ffi.string(buffer, size)
            return DNSAction.None
            """);
        bench.Ask(Messages.Query());
        Assert.Equal("1namevalueval", bench.Log.FirstOrDefault() ?? bench.Seen);
    }

    [Theory]
    [InlineData("set_max_ttl(dr, 10)", "A 10 C0000201|A 5 C0000201")]
    [InlineData("set_min_ttl(dr, 50)", "A 50 C0000201|A 60 C0000201")]
    [InlineData("limit_ttl(dr, 10, 20)", "A 10 C0000201|A 20 C0000201")]
    [InlineData("clear_records_type(dr, 1)", "")]
    public void Answers_have_functions_too(string call, string records)
    {
        using var bench = new RuleBench($"addResponseAction(AllRule(), LuaFFIResponseAction(function(dr) require('ffi').C.dnsdist_ffi_dnsresponse_{call} return DNSResponseAction.None end))");
        Assert.True(bench.Pass(Messages.Answer(Messages.Query(), 60, 5)));
        Assert.Equal(records, string.Join('|', Messages.Records(bench.Result)));
        Assert.Empty(bench.Log);
    }

    [Fact]
    public void A_function_that_there_is_not_is_named()
    {
        using RuleBench bench = RuleBench.Doing("return require('ffi').C.dnsdist_ffi_dnsquestion_get_mac_addr(dq)");
        bench.Ask(Messages.Query());
        Assert.Contains("ffi.C has no 'dnsdist_ffi_dnsquestion_get_mac_addr' here: docs/scripts.md lists what it has", Assert.Single(bench.Log));
    }

    /// <summary>One that is given no query says so, and does not look at anything.</summary>
    [Fact]
    public void No_function_takes_what_is_no_query() => Assert.All(FfiLibrary.Functions, static name =>
    {
        foreach (string argument in (string[])["", "nil", "5", "'x'", "{}", "newNMG()"])
        {
            Assert.Contains("write a colon in front of a method", Scripts.Problem($"require('ffi').C.{name}({argument})"));
        }
    });
}
