using System;
using System.IO;
using System.Text;
using System.Text.Json;
using Fastdist.Control.Logging;
using Fastdist.Settings;
using Microsoft.Extensions.Logging;

namespace Fastdist.Control.Tests.Logging;

/// <summary>A log into memory, by a clock that stands still.</summary>
internal sealed class LogUnderTest : IDisposable
{
    private readonly MemoryStream _written = new();

    public LogUnderTest(LogFormat format = LogFormat.Bare, LogLevel minimum = LogLevel.Information)
    {
        Provider = new LogProvider(_written, format, minimum, Clock);
        Log = Provider.CreateLogger("test");
    }

    public FakeClock Clock { get; } = new();

    public LogProvider Provider { get; }

    public ILogger Log { get; }

    /// <summary>Ends the log and gives all that it wrote.</summary>
    public byte[] Bytes()
    {
        Provider.Dispose();
        return _written.ToArray();
    }

    /// <summary>Ends the log and gives all that it wrote, which must be well-formed UTF-8 and end with a line.</summary>
    public string Text() => new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(Bytes());

    /// <summary>Ends the log and gives its lines.</summary>
    public string[] Lines() => Text().Split('\n')[..^1];

    /// <summary>Ends the log and gives its only line, parsed strictly.</summary>
    public JsonElement Object() => Parse(Xunit.Assert.Single(Lines()));

    public static JsonElement Parse(string line) =>
        JsonDocument.Parse(line, new JsonDocumentOptions { AllowDuplicateProperties = false }).RootElement;

    public void Dispose()
    {
        Provider.Dispose();
        _written.Dispose();
    }
}
