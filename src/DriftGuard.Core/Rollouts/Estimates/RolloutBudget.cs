using System.Globalization;

namespace DriftGuard.Core.Rollouts.Estimates;

/// <summary>What a rollout may take. What is null is not bounded.</summary>
public sealed record RolloutBudget
{
    /// <summary>Tokens to embed.</summary>
    public double? Tokens { get; init; }

    /// <summary>Hours of embedding.</summary>
    public double? Hours { get; init; }

    /// <summary>Money, in the currency of the model's price.</summary>
    public double? Money { get; init; }

    /// <summary>Disk in Qdrant for green, in GiB.</summary>
    public double? DiskGiB { get; init; }

    /// <summary>Memory in Qdrant for green, in GiB.</summary>
    public double? MemoryGiB { get; init; }

    /// <summary>Whether nothing is bounded.</summary>
    public bool IsUnbounded => Bounds.Count == 0;

    /// <summary>The bounds in words.</summary>
    public string Text => IsUnbounded ? "none" : string.Join(", ", Bounds.Select(bound => string.Create(CultureInfo.InvariantCulture, $"{bound.Name} at most {bound.Allowed:0.##########}")));

    /// <summary>What of an estimate goes beyond, and what is bounded and not known.</summary>
    public IReadOnlyList<BudgetExcess> Exceeded(RolloutEstimate estimate)
    {
        var figures = estimate.Figures.ToDictionary(figure => figure.Name, StringComparer.Ordinal);
        return [.. Bounds.Where(bound => !(figures[bound.Name].Value <= bound.Allowed)).Select(bound => Excess(figures[bound.Name], bound.Allowed))];
    }

    private List<(string Name, double Allowed)> Bounds
    {
        get
        {
            (string Name, double? Allowed)[] all = [("tokens", Tokens), ("hours", Hours), ("money", Money), ("disk_gib", DiskGiB), ("memory_gib", MemoryGiB)];
            return [.. all.Where(bound => bound.Allowed is not null).Select(bound => (bound.Name, bound.Allowed!.Value))];
        }
    }

    private static BudgetExcess Excess(EstimateFigure figure, double allowed) => new(figure.Name, figure.Value, allowed, figure switch
    {
        { Name: "money", Value: null } => "the model's price is not configured, so that its money cannot be held against the budget: set models.prices",
        { Value: null } => string.Create(CultureInfo.InvariantCulture, $"{figure.Name} could not be measured, and the budget allows {allowed:0.##########}"),
        { Value: { } value } => string.Create(CultureInfo.InvariantCulture, $"{figure.Text} ({figure.Name} {value:0.######}), and the budget allows {allowed:0.##########}"),
    });
}

/// <summary>A figure beyond its bound, or one that is bounded and not known.</summary>
/// <param name="Name">The figure.</param>
/// <param name="Needed">What it takes; null where that is not known.</param>
/// <param name="Allowed">What the budget allows.</param>
/// <param name="Text">The same for people.</param>
public sealed record BudgetExcess(string Name, double? Needed, double Allowed, string Text);
