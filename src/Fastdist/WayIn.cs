using System;
using System.ComponentModel;
using System.Net;
using System.Threading;
using Fastdist.Ring;
using Fastdist.Settings.Tables;
using Microsoft.Extensions.Logging;

namespace Fastdist;

/// <summary>
/// A way in for an operator, the console or the web server. DNS does not wait for it: one that cannot be bound at the start is
/// tried again until it can, as is one whose interface was deleted and made again.
/// </summary>
/// <param name="flag">The flag that asks for it, with its value.</param>
/// <param name="address">Where it is.</param>
/// <param name="options">Its settings.</param>
/// <param name="bind">Binds it, or throws a <see cref="Win32Exception"/>.</param>
/// <param name="start">Has it serve.</param>
/// <param name="replace">Has it go by other settings.</param>
/// <param name="log">Told when it is not there.</param>
internal sealed class WayIn<T, TOptions>(string flag, EndPoint address, TOptions options, Func<TOptions, T> bind, Action<T> start, Action<T, TOptions> replace, ILogger log) : IDisposable
    where T : class, IDisposable
{
    private readonly Lock _lock = new();
    private readonly string _tiedTo = address is IPEndPoint ip ? new LocalPlace(ip).TiedTo : "";
    private TOptions _options = options;
    private T? _current;
    private uint _index;
    private string _complaint = "";

    /// <summary>Where it is.</summary>
    public EndPoint Address => address;

    /// <summary>Whether it is there now.</summary>
    public bool IsOpen => _current is not null;

    /// <summary>Binds it while there are privileges.</summary>
    /// <param name="isRequired">Whether the start ends when that cannot be.</param>
    /// <exception cref="OptionException">It cannot be, and is required.</exception>
    public void Bind(bool isRequired)
    {
        if (!TryBind() && isRequired)
        {
            throw new OptionException($"{flag}: {_complaint} (leave out --control-required to serve DNS without it)");
        }

        if (_current is null)
        {
            log.WayInClosed(flag, _complaint);
        }
    }

    /// <summary>Has it serve, once what it shows is there.</summary>
    public void Start()
    {
        if (_current is not null)
        {
            start(_current);
        }
    }

    /// <summary>Has it go by other settings, now or when it can be bound.</summary>
    public void Replace(TOptions options)
    {
        lock (_lock)
        {
            _options = options;
            if (_current is not null)
            {
                replace(_current, options);
            }
        }
    }

    /// <summary>Tries again what could not be bound: call it about once a second.</summary>
    public void Maintain()
    {
        if (_current is not null && _tiedTo.Length > 0 && NetworkInterfaces.IndexOf(_tiedTo) != _index)
        {
            log.WayInClosed(flag, $"interface {_tiedTo} is gone, or another one");
            Dispose();
        }

        if (_current is not null)
        {
            return;
        }

        string said = _complaint;
        if (TryBind())
        {
            start(_current!);
            log.WayInOpen(flag);
        }
        else if (_complaint != said)
        {
            log.WayInClosed(flag, _complaint);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (_lock)
        {
            _current?.Dispose();
            _current = null;
        }
    }

    private bool TryBind()
    {
        lock (_lock)
        {
            try
            {
                _index = NetworkInterfaces.IndexOf(_tiedTo);
                _current = bind(_options);
                return true;
            }
            catch (Win32Exception exception)
            {
                _complaint = exception.Message;
                return false;
            }
        }
    }
}
