namespace Fastdist.Settings;

/// <summary>Who decides whether a backend is up.</summary>
public enum HealthCheckMode : byte
{
    /// <summary>Health checks do.</summary>
    Auto,

    /// <summary>Always up; never checked.</summary>
    Up,

    /// <summary>Always down; never used.</summary>
    Down,

    /// <summary>Health checks do, which are only made when queries to it fail.</summary>
    Lazy,
}

/// <summary>What follows from a <see cref="HealthCheckMode"/>.</summary>
public static class HealthCheckModes
{
    extension(HealthCheckMode mode)
    {
        /// <summary>Whether health checks decide.</summary>
        public bool IsChecked => mode is HealthCheckMode.Auto or HealthCheckMode.Lazy;
    }
}
