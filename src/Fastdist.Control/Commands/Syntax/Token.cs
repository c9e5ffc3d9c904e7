namespace Fastdist.Control.Commands.Syntax;

/// <summary>The kinds of words that commands are made of.</summary>
internal enum TokenKind
{
    /// <summary>The end of the command.</summary>
    End,

    /// <summary>A name; its text is the name.</summary>
    Name,

    /// <summary>A string; its text is what it stands for.</summary>
    String,

    /// <summary>A number without its sign; its text is as written.</summary>
    Number,

    /// <summary>A single character that is none of these.</summary>
    Symbol,
}

/// <summary>One word of a command.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Text">What it says.</param>
/// <param name="Column">Where it begins, from 1.</param>
internal readonly record struct Token(TokenKind Kind, string Text, int Column)
{
    /// <summary>As messages name it.</summary>
    public string Description => Kind switch
    {
        TokenKind.End => "the end",
        TokenKind.String => "a string",
        _ => $"'{Text}'",
    };

    /// <summary>Whether it is a certain symbol.</summary>
    public bool Is(char symbol) => Kind == TokenKind.Symbol && Text[0] == symbol;
}
