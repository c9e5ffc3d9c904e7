using System.Collections.Generic;

namespace Fastdist.LoadComparison.Parts;

/// <summary>The figures of the rounds, a list for each row of a table.</summary>
internal sealed class Results<TRow, TSample> where TRow : notnull
{
    private readonly Dictionary<TRow, List<TSample>> _rows = [];

    public void Add(TRow row, TSample sample)
    {
        if (!_rows.TryGetValue(row, out var samples))
        {
            _rows.Add(row, samples = []);
        }
        samples.Add(sample);
    }

    /// <summary>The samples of a row, none when it was not measured.</summary>
    public IReadOnlyList<TSample> this[TRow row] => _rows.TryGetValue(row, out var samples) ? samples : [];
}
