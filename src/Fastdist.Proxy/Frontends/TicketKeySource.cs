using System;
using System.Collections.Generic;
using System.Linq;
using Fastdist.Settings;
using Fastdist.Tls;
using Fastdist.Tls.Tickets;

namespace Fastdist.Proxy.Frontends;

/// <summary>One store of ticket keys and where its keys come from: chance, a file, or a shared secret and the clock.</summary>
internal sealed class TicketKeySource
{
    private readonly TicketKeyOptions _options;
    private readonly string _where;
    private readonly TimeProvider _clock;
    private readonly TicketKeyRotation _rotation;
    private readonly int _delay;

    /// <param name="options">Where the keys come from.</param>
    /// <param name="where">The frontend that says so first, as errors name it.</param>
    /// <param name="clock">The date, which keys derive from, and a clock that only goes forward, by which the others are replaced.</param>
    /// <exception cref="TlsConfigurationException">The file cannot be used.</exception>
    public TicketKeySource(TicketKeyOptions options, string where, TimeProvider clock)
    {
        (_options, _where, _clock) = (options, where, clock);
        _delay = options.RotationDelay ?? (options.KeyFile.Length > 0 ? 0 : TicketKeyRotation.DefaultDelay);
        _rotation = new TicketKeyRotation(_delay, Seconds);
        if (options.SecretFile.Length > 0)
        {
            Store = new TicketKeyStore(ReadSecret(), UnixSeconds);
        }
        else if (options.KeyFile.Length > 0)
        {
            Store = new TicketKeyStore(options.NumberOfKeys, ReadKeys());
        }
        else
        {
            Store = new TicketKeyStore(options.NumberOfKeys);
        }
    }

    /// <summary>What sessions use.</summary>
    public TicketKeyStore Store { get; }

    /// <summary>What the operator should know of the files, as last read.</summary>
    public IReadOnlyList<string> Warnings { get; private set; } = [];

    /// <summary>How the keys stand.</summary>
    public TicketKeyStatus Status => new(Store.Count, _delay, _rotation.Next is { } next && !Store.IsDerived ? _clock.GetUtcNow().AddSeconds(next - Seconds) : null);

    private long Seconds => (long)_clock.GetElapsedTime(0).TotalSeconds;

    private long UnixSeconds => _clock.GetUtcNow().ToUnixTimeSeconds();

    /// <summary>Makes a new random key the active one.</summary>
    /// <exception cref="TlsConfigurationException">The keys derive from a secret.</exception>
    public void Rotate()
    {
        RefuseIfDerived();
        Store.Rotate();
        _rotation.Postpone(Seconds);
    }

    /// <summary>Puts the keys of a file on top, the last one active.</summary>
    /// <exception cref="TlsConfigurationException">The keys derive from a secret.</exception>
    public void Load(TicketKeyFile file)
    {
        RefuseIfDerived();
        Warn(file.Warnings);
        Store.Load(file.Keys);
        _rotation.Postpone(Seconds);
    }

    /// <summary>Changes the active key when its time is up.</summary>
    /// <returns>True when it changed.</returns>
    public bool Maintain()
    {
        if (Store.IsDerived)
        {
            return Store.Derive(UnixSeconds);
        }

        if (!_rotation.IsDue(Seconds))
        {
            return false;
        }

        Store.Rotate();
        _rotation.Postpone(Seconds);
        return true;
    }

    /// <summary>Reads the file again.</summary>
    /// <returns>What puts its keys to use.</returns>
    /// <exception cref="TlsConfigurationException">The file cannot be used.</exception>
    public Action PrepareReload()
    {
        if (_options.SecretFile.Length > 0)
        {
            DerivedTicketKeys derivation = ReadSecret();
            return () => Store.Derive(derivation, UnixSeconds);
        }

        if (_options.KeyFile.Length > 0)
        {
            IReadOnlyList<TicketKey> keys = ReadKeys();
            return () =>
            {
                Store.Load(keys);
                _rotation.Postpone(Seconds);
            };
        }

        return static () => { };
    }

    private void RefuseIfDerived()
    {
        if (Store.IsDerived)
        {
            throw new TlsConfigurationException($"{_where}: the ticket keys derive from a secret and the time: change the secret's file and reload");
        }
    }

    private DerivedTicketKeys ReadSecret()
    {
        string[] warnings = [];
        DerivedTicketKeys derivation = Named(() =>
            DerivedTicketKeys.ReadFile(_options.SecretFile, _options.RotationDelay ?? TicketKeyRotation.DefaultDelay, out warnings));
        Warn(warnings);
        return derivation;
    }

    private IReadOnlyList<TicketKey> ReadKeys()
    {
        TicketKeyFile file = Named(() => TicketKeyFile.Read(_options.KeyFile));
        Warn(file.Warnings);
        return file.Keys;
    }

    private void Warn(IEnumerable<string> warnings) => Warnings = [.. warnings.Select(warning => $"{_where}: {warning}")];

    private T Named<T>(Func<T> read)
    {
        try
        {
            return read();
        }
        catch (TlsConfigurationException exception)
        {
            throw new TlsConfigurationException($"{_where}: {exception.Message}");
        }
    }
}
