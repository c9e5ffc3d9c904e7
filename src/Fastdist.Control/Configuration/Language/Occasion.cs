namespace Fastdist.Control.Configuration.Language;

/// <summary>What a script is run for.</summary>
internal enum Occasion
{
    /// <summary>It is a configuration, read at the start or anew.</summary>
    Configuration,

    /// <summary>It is a configuration of which a console's client wants address and key.</summary>
    Client,

    /// <summary>It was written on the console of a running process.</summary>
    Console,
}
