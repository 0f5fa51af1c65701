using System.Globalization;

namespace StreamRelay.Benchmarks;

/// <summary>Figures, and their ratios to the first of their group.</summary>
internal sealed class Report
{
    private readonly List<(string Group, string Name, double Value, string Unit)> _rows = [];

    public void Add(string group, string name, double value, string unit)
    {
        _rows.Add((group, name, value, unit));
        Console.Error.WriteLine($"{group}: {name}");
    }

    public void Print()
    {
        Console.WriteLine($"{"",-44} {"figure",14} {"",-10} {"ratio",8}");
        foreach (var group in _rows.GroupBy(row => (row.Group, row.Unit)))
        {
            Console.WriteLine(group.Key.Group);
            foreach (var row in group)
                Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {row.Name,-42} {row.Value,14:N1} {row.Unit,-10} {row.Value / group.First().Value,8:0.00}"));
        }
    }
}
