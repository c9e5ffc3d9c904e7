using System.Collections.Generic;

namespace Fastdist.Control.Commands.Syntax;

/// <summary>
/// Reads one command in Lua's call syntax: constants, tables, names, fields, calls of functions and methods. It has
/// no operators, assignments or statements, which need an interpreter.
/// </summary>
internal sealed class Parser
{
    /// <summary>Characters of a command: room for an ACL of tens of thousands of networks.</summary>
    public const int MostCharacters = 1 << 20;

    /// <summary>Levels of nesting, and calls and fields behind each other, so that no command exhausts the stack.</summary>
    public const int MostLevels = 50;

    private readonly Lexer _lexer;
    private Token _token;
    private int _levels;

    private Parser(string text)
    {
        _lexer = new Lexer(text);
        _token = _lexer.Next();
    }

    /// <summary>Reads a command.</summary>
    /// <returns>Null when there is none, only blanks and comments.</returns>
    /// <exception cref="CommandException">It cannot be read; the message says where and why.</exception>
    public static Expression? Parse(string text)
    {
        if (text.Length > MostCharacters)
        {
            throw new CommandException($"the command is {text.Length} characters long, the most is {MostCharacters}");
        }

        var parser = new Parser(text);
        if (parser._token.Kind == TokenKind.End)
        {
            return null;
        }

        Expression command = parser.ParseExpression();
        if (parser._token.Is(';'))
        {
            parser.Advance();
        }

        return parser._token.Kind == TokenKind.End
            ? command
            : throw parser.Expected("the end of the command");
    }

    private Expression ParseExpression()
    {
        Enter();
        Expression expression = _token switch
        {
            { Kind: TokenKind.Name, Text: "nil" } => ParseConstant(NilValue.Instance),
            { Kind: TokenKind.Name, Text: "true" } => ParseConstant(new BooleanValue(true)),
            { Kind: TokenKind.Name, Text: "false" } => ParseConstant(new BooleanValue(false)),
            { Kind: TokenKind.Name } => ParseChain(),
            { Kind: TokenKind.String } => ParseConstant(new StringValue(_token.Text)),
            { Kind: TokenKind.Number } => ParseNumber(isNegative: false, _token.Column),
            { Text: "-" } => ParseNegative(),
            { Text: "{" } => ParseTable(),
            _ => throw Expected("a value: a name, string, number, true, false, nil or {"),
        };
        _levels--;
        return expression;
    }

    private Constant ParseConstant(Value value)
    {
        int column = _token.Column;
        Advance();
        return new Constant(value, column);
    }

    private Constant ParseNegative()
    {
        int column = _token.Column;
        Advance();
        return _token.Kind == TokenKind.Number ? ParseNumber(isNegative: true, column) : throw Expected("a number after '-'");
    }

    private Constant ParseNumber(bool isNegative, int column)
    {
        Value value = Numbers.Read(_token.Text, isNegative, _token.Column);
        Advance();
        return new Constant(value, column);
    }

    /// <summary>A name and what follows it: calls, methods, fields.</summary>
    private Expression ParseChain()
    {
        Expression chain = new NameReference(_token.Text, _token.Column);
        Advance();
        int levels = _levels;
        while (true)
        {
            int column = _token.Column;
            if (BeginsArguments())
            {
                chain = new FunctionCall(chain, ParseArguments(), chain.Column);
            }
            else if (_token.Is('.'))
            {
                Advance();
                chain = new FieldReference(chain, TakeName("the name of a field after '.'"), column + 1);
            }
            else if (_token.Is(':'))
            {
                Advance();
                string method = TakeName("the name of a method after ':'");
                chain = BeginsArguments()
                    ? new MethodCall(chain, method, ParseArguments(), column + 1)
                    : throw Expected($"'(' to call the method '{method}'");
            }
            else
            {
                _levels = levels;
                return chain;
            }

            Enter();
        }
    }

    private bool BeginsArguments() => _token.Is('(') || _token.Is('{') || _token.Kind == TokenKind.String;

    /// <summary>What is between parentheses, or the one string or table that needs none.</summary>
    private List<Expression> ParseArguments()
    {
        if (!_token.Is('('))
        {
            return [_token.Is('{') ? ParseTable() : ParseConstant(new StringValue(_token.Text))];
        }

        var arguments = new List<Expression>();
        Advance();
        while (!_token.Is(')'))
        {
            arguments.Add(ParseExpression());
            if (_token.Is(','))
            {
                Advance();
                if (_token.Is(')'))
                {
                    throw Expected("an argument after ','");
                }
            }
            else if (!_token.Is(')'))
            {
                throw Expected("',' or ')' after an argument");
            }
        }

        Advance();
        return arguments;
    }

    private TableConstructor ParseTable()
    {
        Enter();
        int column = _token.Column;
        var entries = new List<TableEntry>();
        Advance();
        while (!_token.Is('}'))
        {
            entries.Add(ParseEntry());
            if (_token.Is(',') || _token.Is(';'))
            {
                Advance();
            }
            else if (!_token.Is('}'))
            {
                throw Expected("',' or '}' after an entry of the table");
            }
        }

        Advance();
        _levels--;
        return new TableConstructor(entries, column);
    }

    private TableEntry ParseEntry()
    {
        if (_token.Is('['))
        {
            Advance();
            Expression key = ParseExpression();
            Take(']', "after the key");
            Take('=', "after the key");
            return new TableEntry(key, ParseExpression());
        }

        Expression value = ParseExpression();
        if (!_token.Is('='))
        {
            return new TableEntry(null, value);
        }

        if (value is not NameReference name)
        {
            throw Expected("',' or '}' after an entry of the table: only a name or [key] can stand before '='");
        }

        Advance();
        return new TableEntry(new Constant(new StringValue(name.Name), name.Column), ParseExpression());
    }

    private string TakeName(string what)
    {
        if (_token.Kind != TokenKind.Name)
        {
            throw Expected(what);
        }

        string name = _token.Text;
        Advance();
        return name;
    }

    private void Take(char symbol, string where)
    {
        if (!_token.Is(symbol))
        {
            throw Expected($"'{symbol}' {where}");
        }

        Advance();
    }

    private void Advance() => _token = _lexer.Next();

    private void Enter()
    {
        if (++_levels > MostLevels)
        {
            throw Lexer.Error(_token.Column, $"more than {MostLevels} levels of tables, calls and fields");
        }
    }

    private CommandException Expected(string what) => Lexer.Error(_token.Column, $"expected {what}, found {_token.Description}");
}
