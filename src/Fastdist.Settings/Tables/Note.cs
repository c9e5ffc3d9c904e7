namespace Fastdist.Settings.Tables;

/// <summary>How much it matters.</summary>
public enum NoteLevel
{
    /// <summary>For who wants to know all.</summary>
    Debug,

    /// <summary>Good to know.</summary>
    Information,

    /// <summary>It may not be meant.</summary>
    Warning,

    /// <summary>It is wrong, though no reason to end.</summary>
    Error,
}

/// <summary>Something to be said while settings are read, before there is a log.</summary>
/// <param name="Level">How much it matters.</param>
/// <param name="Text">What.</param>
public readonly record struct Note(NoteLevel Level, string Text);
