namespace Fastdist.Rules.Patterns;

/// <summary>How the text of a <see cref="Pattern"/> is read, and what it is held against.</summary>
public enum PatternSyntax : byte
{
    /// <summary>
    /// POSIX extended expressions with GNU's extensions, as glibc's regcomp takes them with REG_EXTENDED and REG_ICASE: the case of ASCII letters makes no
    /// difference, and the expression is searched for anywhere in the text.
    /// </summary>
    PosixExtended,

    /// <summary>RE2's expressions over single bytes (its Latin-1 mode): case matters, and the whole text must match, as with RE2::FullMatch.</summary>
    Re2,
}
