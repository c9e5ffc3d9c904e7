using System;
using System.Linq;
using CsCheck;
using Fastdist.Proxy.Counters;
using Fastdist.Settings;
using Xunit;

namespace Fastdist.Proxy.Tests.Limits;

/// <summary>The table beside a plain model of it that forgets nobody, over random rows of operations under random limits.</summary>
public class ClientLimitsModelTests
{
    private static readonly Gen<ClientLimitOptions> s_options = Gen.Select(Gen.Int[1, 12], Gen.Int[0, 4], Gen.Int[0, 3], Gen.Int[0, 3], Gen.Int[0, 3], Gen.Int[1, 3], Gen.Int[0, 3]).Select(
        (total, perClient, connections, newSessions, resumedSessions, burst, ban) => new ClientLimitOptions
        {
            MaxConnections = total,
            MaxConnectionsPerClient = perClient,
            MaxConnectionRatePerClient = connections,
            MaxTlsNewSessionRatePerClient = newSessions,
            MaxTlsResumedSessionRatePerClient = resumedSessions,
            RateBurstSeconds = burst,
            BanSecondsForRate = ban,
        });

    [Fact]
    public void Any_row_of_operations_does_what_the_model_does() =>
        Gen.Select(s_options, Gen.UInt.Array[0, 400]).Sample((options, row) =>
        {
            var model = new Model(options);
            foreach (uint operation in row)
            {
                model.Apply(operation);
            }

            model.LeaveAll();
        }, iter: 2000);

    /// <summary>What a client is to the model: tokens in millionths, all that it can hold at first.</summary>
    private sealed class Visitor(ClientLimitOptions options)
    {
        private readonly long[] _rates = [options.MaxConnectionRatePerClient, options.MaxTlsNewSessionRatePerClient, options.MaxTlsResumedSessionRatePerClient];
        private readonly long[] _tokens =
        [
            .. new[] { options.MaxConnectionRatePerClient, options.MaxTlsNewSessionRatePerClient, options.MaxTlsResumedSessionRatePerClient }
                .Select(rate => rate * options.RateBurstSeconds * 1_000_000L),
        ];

        public int Connections { get; set; }

        public long BannedUntil { get; set; }

        public void Wait(long microseconds)
        {
            for (int kind = 0; kind < _rates.Length; kind++)
            {
                _tokens[kind] = Math.Min(_tokens[kind] + (_rates[kind] * microseconds), _rates[kind] * options.RateBurstSeconds * 1_000_000);
            }
        }

        public bool Has(int kind) => _rates[kind] == 0 || _tokens[kind] >= 1_000_000;

        public void Take(int kind) => _tokens[kind] -= _rates[kind] == 0 ? 0 : 1_000_000;
    }

    private sealed class Model
    {
        private readonly ClientLimitOptions _options;
        private readonly LimitsBench _bench;
        private readonly string[] _names = ["192.0.2.1", "192.0.2.2", "192.0.2.3", "2001:db8::1", "2001:db8::2"];
        private readonly Visitor[] _visitors;

        public Model(ClientLimitOptions options)
        {
            _options = options;
            _bench = new LimitsBench(options);
            _visitors = [.. _names.Select(_ => new Visitor(options))];
        }

        private int Total => _visitors.Sum(v => v.Connections);

        /// <summary>The low bits say what to do, the next to whom, the others how much later.</summary>
        public void Apply(uint operation)
        {
            int pick = (int)((operation >> 4) % _names.Length);
            Pass(operation >> 8);
            switch (operation & 15)
            {
                case < 7:
                    Enter(pick);
                    break;
                case < 11:
                    Leave(pick);
                    break;
                case < 13:
                    Establish(pick, resumed: false);
                    break;
                case < 15:
                    Establish(pick, resumed: true);
                    break;
                default:
                    int seconds = (int)(operation >> 8) % 4;
                    _bench.Ban(_names[pick], seconds);
                    Ban(_visitors[pick], seconds);
                    break;
            }

            Check(_bench.Limits.Connections == Total, "the total is the sum");
            Check(Total <= _options.MaxConnections, "the total keeps its limit");
            Check(_visitors.All(v => _options.MaxConnectionsPerClient == 0 || v.Connections <= _options.MaxConnectionsPerClient), "each client keeps its limit");
        }

        public void LeaveAll()
        {
            for (int pick = 0; pick < _names.Length; pick++)
            {
                while (_visitors[pick].Connections > 0)
                {
                    Leave(pick);
                }
            }

            Check(_bench.Limits.Connections == 0, "nothing is left behind");
        }

        /// <summary>Mostly a part of a second, often no time at all, seldom long.</summary>
        private void Pass(uint random)
        {
            long microseconds = (random & 15) switch
            {
                0 => 10 * LimitsBench.Second,
                < 8 => 0,
                _ => random % 500_000,
            };
            _bench.Now += microseconds;
            Array.ForEach(_visitors, v => v.Wait(microseconds));
        }

        private void Enter(int pick)
        {
            Visitor visitor = _visitors[pick];
            Admission expected =
                _bench.Now < visitor.BannedUntil ? Admission.Banned
                : _options.MaxConnectionsPerClient > 0 && visitor.Connections >= _options.MaxConnectionsPerClient ? Admission.TooManyOfClient
                : !visitor.Has(0) ? Admission.TooFast
                : Total >= _options.MaxConnections ? Admission.TooMany
                : Admission.Admitted;
            Check(_bench.Enter(_names[pick]) == expected, $"expected {expected}");
            if (expected == Admission.Admitted)
            {
                visitor.Connections++;
                visitor.Take(0);
            }
            else if (expected == Admission.TooFast)
            {
                Ban(visitor, _options.BanSecondsForRate);
            }
        }

        private void Leave(int pick)
        {
            if (_visitors[pick].Connections > 0)
            {
                _visitors[pick].Connections--;
                _bench.Leave(_names[pick]);
            }
        }

        private void Establish(int pick, bool resumed)
        {
            Visitor visitor = _visitors[pick];
            bool expected = visitor.Has(resumed ? 2 : 1);
            Check((resumed ? _bench.ResumeSession(_names[pick]) : _bench.BeginSession(_names[pick])) == expected, $"a session: expected {expected}");
            if (expected)
            {
                visitor.Take(resumed ? 2 : 1);
            }
            else
            {
                Ban(visitor, _options.BanSecondsForRate);
            }
        }

        private void Ban(Visitor visitor, int seconds) => visitor.BannedUntil = Math.Max(visitor.BannedUntil, _bench.Now + (seconds * LimitsBench.Second));

        private static void Check(bool holds, string rule)
        {
            if (!holds)
            {
                throw new InvalidOperationException($"broken: {rule}");
            }
        }
    }
}
