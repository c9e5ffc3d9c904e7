using System;
using System.Runtime.InteropServices;
using System.Text;

namespace Fastdist.Rules.Tests.Patterns;

/// <summary>regcomp and regexec of the C library, as dnsdist calls them, in the C locale: what its rules do is what these say.</summary>
internal static partial class Glibc
{
    private const int Extended = 1;
    private const int IgnoreCase = 1 << 1;
    private const int NoSubexpressions = 1 << 3;

    /// <summary>REG_STARTEND: the text has the length that is told, and may have NULs.</summary>
    private const int StartEnd = 1 << 2;

    /// <summary>LC_ALL_MASK, without LC_ALL itself.</summary>
    private const int AllCategories = 0x1FBF;

    /// <summary>sizeof(regex_t) is 64.</summary>
    private const int ExpressionBytes = 256;

    private static readonly nint s_locale = NewLocale(AllCategories, "C", 0);

    /// <summary>Compiles an expression and holds texts against it; null when it is refused.</summary>
    public static bool[]? Match(string expression, params byte[][] texts)
    {
        nint before = UseLocale(s_locale);
        byte[] compiled = GC.AllocateArray<byte>(ExpressionBytes, pinned: true);
        try
        {
            if (Compile(compiled, Encoding.UTF8.GetBytes(expression + '\0'), Extended | IgnoreCase | NoSubexpressions) != 0)
            {
                return null;
            }

            bool[] matches = Array.ConvertAll(texts, text => Execute(compiled, text, 1, [0, text.Length], StartEnd) == 0);
            Free(compiled);
            return matches;
        }
        finally
        {
            UseLocale(before);
        }
    }

    [LibraryImport("libc", EntryPoint = "newlocale", StringMarshalling = StringMarshalling.Utf8)]
    private static partial nint NewLocale(int categories, string name, nint previous);

    [LibraryImport("libc", EntryPoint = "uselocale")]
    private static partial nint UseLocale(nint locale);

    [LibraryImport("libc", EntryPoint = "regcomp")]
    private static partial int Compile(byte[] compiled, byte[] expression, int flags);

    /// <summary>A regmatch_t is two ints.</summary>
    [LibraryImport("libc", EntryPoint = "regexec")]
    private static partial int Execute(byte[] compiled, byte[] text, nuint count, int[] range, int flags);

    [LibraryImport("libc", EntryPoint = "regfree")]
    private static partial void Free(byte[] compiled);
}
