using System.Globalization;

namespace DriftGuard.Testing.Gate;

/// <summary>
/// Real per-query values of two models on one set and metric, from which calibration sets are drawn whose true difference is known: each
/// group of queries is drawn with a probability that is tilted exponentially until the mean difference is the one that is wanted
/// (Efron 1981). What is drawn has the shape of real differences: mostly zeros, few large ones, together in groups.
/// </summary>
public sealed class TiltedPopulation
{
    private readonly (double[] Old, double[] New)[] groups;

    private TiltedPopulation(string set, string name, (double[] Old, double[] New)[] groups) => (Set, Name, this.groups) = (set, name, groups);

    /// <summary>The calibration set.</summary>
    public string Set { get; }

    /// <summary>Both models and the metric.</summary>
    public string Name { get; }

    /// <summary>All populations that are recorded: each set, each pair of models, each metric.</summary>
    /// <param name="whole">Whether queries that share relevant documents are drawn together, as one group; otherwise each query is a group.</param>
    public static IReadOnlyList<TiltedPopulation> All(bool whole)
    {
        var (columns, rows) = Recorded();
        var metrics = columns.Select(column => column.Split(' ')[1]).Distinct(StringComparer.Ordinal).Count();
        var models = columns.Length / metrics;
        var populations = new List<TiltedPopulation>();
        foreach (var set in rows.GroupBy(row => row.Set, StringComparer.Ordinal))
        {
            for (var old = 0; old < models; old++)
            {
                for (var @new = old + 1; @new < models; @new++)
                {
                    for (var metric = 0; metric < metrics; metric++)
                    {
                        var (from, to) = ((old * metrics) + metric, (@new * metrics) + metric);
                        var grouped = set.Index().GroupBy(row => whole ? row.Item.Group : row.Index, row => row.Item.Values)
                            .Select(group => (group.Select(values => values[from]).ToArray(), group.Select(values => values[to]).ToArray()));
                        populations.Add(new(set.Key, $"{columns[from]} to {columns[to].Split(' ')[0]}", [.. grouped]));
                    }
                }
            }
        }

        return populations;
    }

    /// <summary>What is recorded: the columns' names, and for each query its set, its group and its values.</summary>
    public static (string[] Columns, IReadOnlyList<(string Set, int Group, double[] Values)> Rows) Recorded()
    {
        using var stream = typeof(TiltedPopulation).Assembly.GetManifestResourceStream("per-query-values.tsv")
            ?? throw new InvalidOperationException("per-query-values.tsv is not embedded");
        using var reader = new StreamReader(stream);
        var columns = reader.ReadLine()!.Split('\t')[2..];
        var rows = new List<(string, int, double[])>();
        while (reader.ReadLine() is { } line)
        {
            var cells = line.Split('\t');
            rows.Add((cells[0], int.Parse(cells[1], CultureInfo.InvariantCulture), [.. cells[2..].Select(cell => double.Parse(cell, CultureInfo.InvariantCulture))]));
        }

        return (columns, rows);
    }

    /// <summary>Probabilities of the groups under which the mean difference of the queries is <paramref name="difference"/>.</summary>
    /// <exception cref="InvalidOperationException">No tilt gives it: it is beyond what the queries differ.</exception>
    public TiltedDraw At(double difference)
    {
        // The ratio of sums is the wanted mean where the groups' centred sums have mean 0 under the tilted probabilities.
        var centred = groups.Select(group => group.New.Sum() - group.Old.Sum() - (difference * group.Old.Length)).ToArray();
        var (low, high) = (-200.0, 200.0);
        for (var step = 0; step < 200; step++)
        {
            var middle = (low + high) / 2;
            (low, high) = Tilted(centred, middle).Mean < 0 ? (middle, high) : (low, middle);
        }

        var (weights, mean) = Tilted(centred, low);
        return Math.Abs(mean) < 1e-6 ? new(groups, weights) : throw new InvalidOperationException($"{Set}, {Name} cannot be tilted to {difference}");
    }

    private static (double[] Weights, double Mean) Tilted(double[] centred, double tilt)
    {
        var most = centred.Max(sum => tilt * sum);
        var weights = Array.ConvertAll(centred, sum => Math.Exp((tilt * sum) - most));
        var total = weights.Sum();
        weights = Array.ConvertAll(weights, weight => weight / total);
        return (weights, weights.Zip(centred, (weight, sum) => weight * sum).Sum());
    }
}

/// <summary>Draws calibration sets from a population with a known true difference.</summary>
public sealed class TiltedDraw
{
    private readonly (double[] Old, double[] New)[] groups;
    private readonly double[] cumulative;

    internal TiltedDraw((double[] Old, double[] New)[] groups, double[] weights)
    {
        this.groups = groups;
        cumulative = new double[weights.Length];
        var sum = 0.0;
        for (var i = 0; i < weights.Length; i++)
        {
            cumulative[i] = sum += weights[i];
        }
    }

    /// <summary>Draws whole groups until there are <paramref name="queries"/> queries; the last group may be cut.</summary>
    public (double[] Old, double[] New, int[] Groups) Draw(int queries, Random random)
    {
        var (old, @new, of) = (new double[queries], new double[queries], new int[queries]);
        for (var (filled, group) = (0, 0); filled < queries; group++)
        {
            var found = Array.BinarySearch(cumulative, random.NextDouble() * cumulative[^1]);
            var drawn = groups[Math.Min(found < 0 ? ~found : found, groups.Length - 1)];
            for (var i = 0; i < drawn.Old.Length && filled < queries; i++, filled++)
            {
                (old[filled], @new[filled], of[filled]) = (drawn.Old[i], drawn.New[i], group);
            }
        }

        return (old, @new, of);
    }
}
