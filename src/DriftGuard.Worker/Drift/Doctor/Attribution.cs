namespace DriftGuard.Worker.Drift.Doctor;

/// <summary>A way in which vectors may have been made, held against those that are stored.</summary>
/// <param name="Model">Name of the model.</param>
/// <param name="Fingerprint">Fingerprint of the model as it is.</param>
/// <param name="Variant">How its spec differs; null for the model as it is.</param>
/// <param name="Explanation">What that would mean, for people.</param>
/// <param name="Aspect">What differs; <c>model</c> for the model as it is.</param>
/// <param name="Distances">How far each stored vector lies off; NaN where the candidate has no vector.</param>
/// <param name="GivenBack">Whether each is within its tolerance.</param>
internal sealed record CandidateFit(
    string Model, string Fingerprint, string? Variant, string Explanation, string Aspect, IReadOnlyList<double> Distances, IReadOnlyList<bool> GivenBack)
{
    /// <summary>How many it gives back.</summary>
    public int Reproduced => GivenBack.Count(given => given);

    /// <summary>Median of the distances; 2 counts where there is none.</summary>
    public double Median => Distances.Select(distance => double.IsNaN(distance) ? 2 : distance).Order().ElementAtOrDefault(Distances.Count / 2);
}

/// <summary>Says which candidate made each point.</summary>
internal static class Attribution
{
    /// <summary>
    /// The fewest candidates that explain the most: the one that gives back the most points takes them, then the one that gives back the most
    /// of the rest. So a token limit that only long texts show takes the short ones too, instead of leaving them to the model as it is.
    /// </summary>
    /// <param name="points">How many points there are.</param>
    /// <param name="candidates">In the order of preference where they are equal: models as they are before their variants.</param>
    /// <returns>For each point the position of its candidate; -1 where none gives it back.</returns>
    public static int[] Of(int points, IReadOnlyList<CandidateFit> candidates)
    {
        var maker = new int[points];
        Array.Fill(maker, -1);
        while (true)
        {
            var best = (Candidate: -1, Gained: 0);
            for (var i = 0; i < candidates.Count; i++)
            {
                var gained = Enumerable.Range(0, points).Count(point => maker[point] < 0 && candidates[i].GivenBack[point]);
                if (gained > best.Gained)
                {
                    best = (i, gained);
                }
            }

            if (best.Candidate < 0)
            {
                return maker;
            }

            for (var point = 0; point < points; point++)
            {
                if (maker[point] < 0 && candidates[best.Candidate].GivenBack[point])
                {
                    maker[point] = best.Candidate;
                }
            }
        }
    }
}
