using System;
using System.Collections.Generic;
using System.Linq;
using System.Net;
using Fastdist.Dns;
using Fastdist.Proxy.Backends;
using Fastdist.Settings;
using Fastdist.Tls;
using Fastdist.Tls.Certificates;
using Xunit;

namespace Fastdist.Proxy.Tests.Backends;

/// <summary>What can change of a backend without its connections.</summary>
public class EditableSettingsTests
{
    private static readonly BackendOptions s_options = BackendBench.Options(1);

    private static readonly Dictionary<string, Func<BackendOptions, BackendOptions>> s_editable = new()
    {
        [nameof(BackendOptions.Name)] = o => o with { Name = "other" },
        [nameof(BackendOptions.Id)] = o => o with { Id = Guid.NewGuid() },
        [nameof(BackendOptions.CheckTcp)] = o => o with { CheckTcp = true },
        [nameof(BackendOptions.UdpTimeout)] = o => o with { UdpTimeout = 9 },
        [nameof(BackendOptions.ReconnectOnUp)] = o => o with { ReconnectOnUp = true },
        [nameof(BackendOptions.MaxOutstandingQueries)] = o => o with { MaxOutstandingQueries = 9 },
        [nameof(BackendOptions.ReleaseBuffers)] = o => o with { ReleaseBuffers = false },
        [nameof(BackendOptions.TcpFastOpen)] = o => o with { TcpFastOpen = true },
        [nameof(BackendOptions.Pools)] = o => o with { Pools = ["other"] },
        [nameof(BackendOptions.Order)] = o => o with { Order = 9 },
        [nameof(BackendOptions.Weight)] = o => o with { Weight = 9 },
        [nameof(BackendOptions.Qps)] = o => o with { Qps = 9 },
        [nameof(BackendOptions.TcpConnectTimeout)] = o => o with { TcpConnectTimeout = 9 },
        [nameof(BackendOptions.TcpSendTimeout)] = o => o with { TcpSendTimeout = 9 },
        [nameof(BackendOptions.QueryTimeout)] = o => o with { QueryTimeout = 999 },
        [nameof(BackendOptions.SilenceTimeout)] = o => o with { SilenceTimeout = 999 },
        [nameof(BackendOptions.Retries)] = o => o with { Retries = 9 },
        [nameof(BackendOptions.CheckName)] = o => o with { CheckName = "example." },
        [nameof(BackendOptions.CheckType)] = o => o with { CheckType = RecordType.NS },
        [nameof(BackendOptions.CheckInterval)] = o => o with { CheckInterval = 9 },
        [nameof(BackendOptions.CheckTimeout)] = o => o with { CheckTimeout = 999 },
        [nameof(BackendOptions.MaxCheckFailures)] = o => o with { MaxCheckFailures = 9 },
        [nameof(BackendOptions.Rise)] = o => o with { Rise = 9 },
        [nameof(BackendOptions.HealthCheckMode)] = o => o with { HealthCheckMode = HealthCheckMode.Down },
        [nameof(BackendOptions.MustResolve)] = o => o with { MustResolve = true },
    };

    private static readonly Dictionary<string, Func<BackendOptions, BackendOptions>> s_others = new()
    {
        [nameof(BackendOptions.Address)] = o => o with { Address = new IPEndPoint(o.Address.Address, 54) },
        [nameof(BackendOptions.Tls)] = o => o with { Tls = BackendTransport.Udp },
        [nameof(BackendOptions.Pins)] = o => o with { Pins = [TlsPin.Parse("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=")] },
        [nameof(BackendOptions.ClientCertificate)] = o => o with { ClientCertificate = new TlsCertificateFile { CertificateFile = "other" } },
        [nameof(BackendOptions.CaStore)] = o => o with { CaStore = "other" },
        [nameof(BackendOptions.SourceAddress)] = o => o with { SourceAddress = IPAddress.Loopback },
        [nameof(BackendOptions.PadQueries)] = o => o with { PadQueries = true },
        [nameof(BackendOptions.UseClientSubnet)] = o => o with { UseClientSubnet = true },
        [nameof(BackendOptions.MaxInFlight)] = o => o with { MaxInFlight = 9 },
        [nameof(BackendOptions.Connections)] = o => o with { Connections = 9 },
    };

    public static TheoryData<string> Editable => [.. s_editable.Keys];

    public static TheoryData<string> Others => [.. s_others.Keys];

    [Theory]
    [MemberData(nameof(Editable))]
    public void These_change_while_its_connections_stay(string setting)
    {
        Assert.NotEqual(s_options, s_editable[setting](s_options));
        Assert.True(EditableSettings.Lead(s_options, s_editable[setting](s_options)));
    }

    [Theory]
    [MemberData(nameof(Others))]
    public void These_do_not(string setting) => Assert.False(EditableSettings.Lead(s_options, s_others[setting](s_options)));

    [Fact]
    public void Lists_are_compared_by_what_is_in_them()
    {
        BackendOptions pinned = s_others[nameof(BackendOptions.Pins)](s_options);
        Assert.True(EditableSettings.Lead(pinned, pinned with { Pins = [.. pinned.Pins.Select(pin => TlsPin.Parse(pin.ToString()))] }));
    }
}
