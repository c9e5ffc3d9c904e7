using System;
using System.Runtime.InteropServices;
Console.WriteLine(P.OpenSSL_version_num().ToString("x"));
internal static partial class P { [LibraryImport("libcrypto")] public static partial ulong OpenSSL_version_num(); }
