namespace Fastdist.Control.Configuration.Dnsdist;

/// <summary>What becomes here of something that a configuration of dnsdist names.</summary>
internal enum Fate
{
    /// <summary>It is here and means the same.</summary>
    Same,

    /// <summary>It is here; the note says what it does otherwise.</summary>
    Different,

    /// <summary>It is taken and does nothing; the note says why nothing is lost.</summary>
    Ignored,

    /// <summary>It cannot be had yet; the note says what to do meanwhile.</summary>
    NotYet,

    /// <summary>It will not be had; the note says why.</summary>
    Never,
}
