using System;
using System.Diagnostics;
using System.Globalization;
using System.Net.Http;
using System.Net.Http.Headers;
using System.Text;
using System.Threading;

namespace Fastdist.LoadComparison;

/// <summary>Reads /metrics ten times a second, as a hundred collectors together would at their usual pace.</summary>
internal sealed class Scraper : IDisposable
{
    public const string Password = "scraper";
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(100);

    private readonly HttpClient _client = new();
    private readonly Uri _metrics;
    private readonly Thread _thread;
    private volatile bool _isOver;

    public Scraper(int port)
    {
        _metrics = new Uri(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{port}/metrics"));
        _client.DefaultRequestHeaders.Authorization =
            new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"any:{Password}")));
        _thread = new Thread(Scrape) { IsBackground = true, Name = "scraper" };
        _thread.Start();
    }

    /// <summary>Scrapes that were answered.</summary>
    public int Count { get; private set; }

    public void Dispose()
    {
        _isOver = true;
        _thread.Join();
        _client.Dispose();
    }

    private void Scrape()
    {
        var start = Stopwatch.GetTimestamp();
        while (!_isOver)
        {
            _ = _client.GetByteArrayAsync(_metrics).GetAwaiter().GetResult();
            Count++;
            var rest = (Interval * Count) - Stopwatch.GetElapsedTime(start);
            Thread.Sleep(rest > TimeSpan.Zero ? rest : TimeSpan.Zero);
        }
    }
}
