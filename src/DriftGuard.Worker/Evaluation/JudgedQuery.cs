using System.Security.Cryptography;
using System.Text;
using DriftGuard.Core.Calibration;

namespace DriftGuard.Worker.Evaluation;

/// <summary>
/// What a query's values rest on: its text and its judgements. Where they change, values of before and after do not compare.
/// </summary>
internal static class JudgedQuery
{
    private const int Digits = 16;

    /// <summary>A digest of text and judgements, 16 hex digits.</summary>
    public static string DigestOf(CalibrationSet set, CalibrationQuery query)
    {
        var judgements = set.Qrels[query.Id].OrderBy(judgement => judgement.Key, StringComparer.Ordinal)
            .Select(judgement => FormattableString.Invariant($"{judgement.Key}\t{judgement.Value}"));
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', judgements.Prepend(query.Text)))))[..Digits];
    }
}
