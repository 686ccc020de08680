using System.Runtime.InteropServices;

namespace DriftGuard.Embedding.Tokenization.Unigram;

/// <summary>How spaces become letters of pieces.</summary>
/// <param name="Mark">What stands in place of a space, ▁ in published models.</param>
/// <param name="IsPutBefore">Whether text that does not begin with the mark gets one.</param>
/// <param name="Splits">Whether each mark begins a text of its own, over which no piece reaches.</param>
/// <param name="SplitsWhiteSpace">Whether texts are split at white space before, which is then dropped.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct Metaspace(char Mark, bool IsPutBefore, bool Splits, bool SplitsWhiteSpace);
