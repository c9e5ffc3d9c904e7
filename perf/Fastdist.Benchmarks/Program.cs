using System;
using System.Linq;
using System.Runtime.CompilerServices;
using BenchmarkDotNet.Columns;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Diagnosers;
using BenchmarkDotNet.Exporters;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Loggers;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.NoEmit;
using Fastdist.Benchmarks;

// Types are named here, and the command line is ours, because BenchmarkDotNet's own drags half of its tools into the binary.
var chosen = ((Type[])[typeof(QueryParse), typeof(NameCompare), typeof(Framing), typeof(RecordBatching)])
    .Where(type => args.Length == 0 || args.Contains(type.Name)).ToArray();
if (chosen.Length == 0)
{
    Console.Error.WriteLine("usage: Fastdist.Benchmarks [QueryParse] [NameCompare] [Framing] [RecordBatching]");
    return 1;
}

// Published with NativeAOT there is no compiler to make a process per benchmark: they run in this one.
var job = Job.Default.WithToolchain(InProcessNoEmitToolchain.DontLogOutput)
    .WithId(RuntimeFeature.IsDynamicCodeSupported ? "JIT" : "NativeAOT");
var config = ManualConfig.CreateEmpty()
    .AddJob(job)
    .AddLogger(ConsoleLogger.Default)
    .AddColumnProvider(DefaultColumnProviders.Instance)
    .AddDiagnoser(MemoryDiagnoser.Default)
    .AddExporter(MarkdownExporter.GitHub);
BenchmarkRunner.Run([.. chosen.Select(type => BenchmarkConverter.TypeToBenchmarks(type, config))]);
return 0;
