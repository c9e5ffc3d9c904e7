using System;
using System.Collections.Generic;
using System.Linq;
using Fastdist.Tls;

namespace Fastdist.Proxy.Frontends;

/// <summary>One ring of ticket keys and where its keys come from: chance, a file, or a shared secret and the clock.</summary>
internal sealed class TicketKeySource
{
    private readonly TicketKeyOptions _options;
    private readonly string _where;
    private readonly TicketKeyRotation _rotation;
    private readonly int _delay;

    /// <param name="options">Where the keys come from.</param>
    /// <param name="where">The frontend that says so first, as errors name it.</param>
    /// <param name="now">The time.</param>
    /// <exception cref="TlsConfigurationException">The file cannot be used.</exception>
    public TicketKeySource(TicketKeyOptions options, string where, DateTimeOffset now)
    {
        (_options, _where) = (options, where);
        long seconds = now.ToUnixTimeSeconds();
        _delay = options.RotationDelay ?? (options.KeyFile.Length > 0 ? 0 : TicketKeyRotation.DefaultDelay);
        _rotation = new TicketKeyRotation(_delay, seconds);
        if (options.SecretFile.Length > 0)
        {
            Ring = new TicketKeyRing(ReadSecret(), seconds);
        }
        else if (options.KeyFile.Length > 0)
        {
            Ring = new TicketKeyRing(options.NumberOfKeys, ReadKeys());
        }
        else
        {
            Ring = new TicketKeyRing(options.NumberOfKeys);
        }
    }

    /// <summary>What sessions use.</summary>
    public TicketKeyRing Ring { get; }

    /// <summary>What the operator should know of the files, as last read.</summary>
    public IReadOnlyList<string> Warnings { get; private set; } = [];

    /// <summary>How the keys stand.</summary>
    public TicketKeyStatus Status => new(Ring.Count, _delay, _rotation.Next is { } next && !Ring.IsDerived ? DateTimeOffset.FromUnixTimeSeconds(next) : null);

    /// <summary>Makes a new random key the active one.</summary>
    /// <exception cref="TlsConfigurationException">The keys derive from a secret.</exception>
    public void Rotate(DateTimeOffset now)
    {
        RefuseIfDerived();
        Ring.Rotate();
        _rotation.Postpone(now.ToUnixTimeSeconds());
    }

    /// <summary>Puts the keys of a file on top, the last one active.</summary>
    /// <exception cref="TlsConfigurationException">The keys derive from a secret, or the file cannot be used.</exception>
    public void Load(string path, DateTimeOffset now)
    {
        RefuseIfDerived();
        TicketKeyFile file = TicketKeyFile.Read(path);
        Warn(file.Warnings);
        Ring.Load(file.Keys);
        _rotation.Postpone(now.ToUnixTimeSeconds());
    }

    /// <summary>Changes the active key when its time is up.</summary>
    /// <returns>True when it changed.</returns>
    public bool Maintain(DateTimeOffset now)
    {
        long seconds = now.ToUnixTimeSeconds();
        if (Ring.IsDerived)
        {
            return Ring.Derive(seconds);
        }

        if (!_rotation.IsDue(seconds))
        {
            return false;
        }

        Ring.Rotate();
        _rotation.Postpone(seconds);
        return true;
    }

    /// <summary>Reads the file again.</summary>
    /// <returns>What puts its keys to use.</returns>
    /// <exception cref="TlsConfigurationException">The file cannot be used.</exception>
    public Action PrepareReload(DateTimeOffset now)
    {
        long seconds = now.ToUnixTimeSeconds();
        if (_options.SecretFile.Length > 0)
        {
            DerivedTicketKeys derivation = ReadSecret();
            return () => Ring.Derive(derivation, seconds);
        }

        if (_options.KeyFile.Length > 0)
        {
            IReadOnlyList<TicketKey> keys = ReadKeys();
            return () =>
            {
                Ring.Load(keys);
                _rotation.Postpone(seconds);
            };
        }

        return static () => { };
    }

    private void RefuseIfDerived()
    {
        if (Ring.IsDerived)
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
