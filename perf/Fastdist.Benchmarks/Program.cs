using System;
using System.Linq;
using System.Runtime;
using BenchmarkDotNet.Columns;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Diagnosers;
using BenchmarkDotNet.Exporters;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Loggers;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.NoEmit;
using Fastdist.Benchmarks;
using Perfolizer.Horology;

if (args is [nameof(CacheThreads)])
{
    CacheThreads.Run();
    return 0;
}

// Types are named here, and the command line is ours, because BenchmarkDotNet's own drags half of its tools into the binary.
var chosen = ((Type[])[typeof(QueryParse), typeof(NameCompare), typeof(Framing), typeof(IdTables), typeof(RecordBatching), typeof(PoolChoices), typeof(ConnectionPicks), typeof(NamePatterns), typeof(RuleChainQueries),
        typeof(ClientRateChecks), typeof(ProcessRateTakes), typeof(BlockCounting), typeof(BlockLookups), typeof(BlockWindows), typeof(KeptAnswers), typeof(CacheEntries)])
    .Where(type => args.Length == 0 || args.Contains(type.Name)).ToArray();
if (chosen.Length == 0)
{
    Console.Error.WriteLine("usage: Fastdist.Benchmarks [QueryParse] [NameCompare] [Framing] [IdTables] [RecordBatching] [PoolChoices] [ConnectionPicks] [NamePatterns] [RuleChainQueries] [ClientRateChecks] [ProcessRateTakes] [BlockCounting] [BlockLookups] [BlockWindows] [KeptAnswers] [CacheEntries] | CacheThreads");
    return 1;
}

// Published with NativeAOT there is no compiler to make a process per benchmark: they run in this one.
var job = Job.Default.WithToolchain(InProcessNoEmitToolchain.Instance)
    .WithWarmupCount(3).WithIterationCount(15).WithIterationTime(TimeInterval.FromMilliseconds(200))
    .WithId(JitInfo.GetCompiledMethodCount() > 0 ? "JIT" : "NativeAOT");
var config = ManualConfig.CreateEmpty()
    .AddJob(job)
    .AddLogger(ConsoleLogger.Default)
    .AddColumnProvider(DefaultColumnProviders.Instance)
    .AddDiagnoser(MemoryDiagnoser.Default)
    .AddExporter(MarkdownExporter.GitHub);
BenchmarkRunner.Run([.. chosen.Select(type => BenchmarkConverter.TypeToBenchmarks(type, config))]);
return 0;
