using Fastdist.Settings;

namespace Fastdist.Proxy.Backends;

/// <summary>Whether a backend is to be used: by health's verdict, unless the operator decides, and until it is removed.</summary>
/// <param name="shared">What all shards share of it.</param>
/// <param name="board">Hears of every change, as readiness follows from it.</param>
internal sealed class BackendStatus(SharedBackend shared, StandingBoard board)
{
    /// <summary>Who decides whether it is up.</summary>
    public HealthCheckMode Mode
    {
        get;
        private set
        {
            field = value;
            board.ReadinessChanged();
        }
    } = shared.Mode;

    /// <summary>Whether it is used, by health's verdict or the operator's.</summary>
    public bool IsUp
    {
        get;
        private set
        {
            field = value;
            board.ReadinessChanged();
        }
    } = shared.IsUp;

    /// <summary>Whether it was removed: it gets no further query, but answers to those it has are waited for.</summary>
    public bool IsLeaving
    {
        get;
        private set
        {
            field = value;
            board.ReadinessChanged();
        }
    }

    /// <summary>Hears health's verdict, which counts unless the operator decides.</summary>
    public void Judge(bool isUp) => IsUp = Mode.IsChecked ? isUp : IsUp;

    /// <summary>Has the operator decide, or health again, beginning with the state of now.</summary>
    public void SetMode(HealthCheckMode mode)
    {
        Mode = mode;

        // A verdict may have been published before this was heard; what is shared has it.
        IsUp = mode.IsChecked ? shared.IsUp : mode == HealthCheckMode.Up;
    }

    /// <summary>It was removed.</summary>
    public void Leave() => IsLeaving = true;
}
