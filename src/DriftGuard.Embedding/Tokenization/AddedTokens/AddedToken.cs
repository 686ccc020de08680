namespace DriftGuard.Embedding.Tokenization.AddedTokens;

/// <summary>A token that is recognised in texts before they are split into words, e.g. [MASK].</summary>
/// <param name="Content">Its letters.</param>
/// <param name="Id">Its id.</param>
/// <param name="IsSingleWord">Whether it is none where it touches a letter or digit.</param>
/// <param name="TakesSpaceBefore">Whether white space before it goes with it.</param>
/// <param name="TakesSpaceAfter">Whether white space after it goes with it.</param>
/// <param name="IsNormalised">Whether it is looked for in normalised text, normalised itself.</param>
internal sealed record AddedToken(
    string Content, int Id, bool IsSingleWord = false, bool TakesSpaceBefore = false, bool TakesSpaceAfter = false, bool IsNormalised = false);
