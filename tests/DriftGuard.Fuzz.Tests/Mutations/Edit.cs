using System.Runtime.InteropServices;

namespace DriftGuard.Fuzz.Tests.Mutations;

/// <summary>One change of an input. What the numbers mean depends on the kind and on the input, for each of which there is a change.</summary>
/// <param name="Kind">What is changed.</param>
/// <param name="At">Where.</param>
/// <param name="Size">How much.</param>
/// <param name="Value">To what.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct Edit(EditKind Kind, uint At, uint Size, uint Value);

/// <summary>What an edit changes.</summary>
internal enum EditKind
{
    /// <summary>A bit is turned.</summary>
    Bit,

    /// <summary>A byte is another.</summary>
    Byte,

    /// <summary>Some bytes are left out.</summary>
    Remove,

    /// <summary>Some bytes are there twice.</summary>
    Double,

    /// <summary>Some bytes are there very often.</summary>
    Repeat,

    /// <summary>A word is put in between.</summary>
    Insert,

    /// <summary>A word stands in the place of another.</summary>
    Word,

    /// <summary>The end is that of another input.</summary>
    Splice,

    /// <summary>The end is missing.</summary>
    Cut,

    /// <summary>A line is left out.</summary>
    RemoveLine,

    /// <summary>A line is there twice.</summary>
    DoubleLine,

    /// <summary>Two lines change places.</summary>
    SwapLines,

    /// <summary>Something is opened again and again and never closed.</summary>
    Nest,

    /// <summary>A number of a message is another.</summary>
    FieldNumber,

    /// <summary>The contents of a field of a message are others.</summary>
    FieldBytes,

    /// <summary>A field of a message is left out.</summary>
    RemoveField,

    /// <summary>A field of a message is there several times.</summary>
    RepeatField,

    /// <summary>A field of a message is called otherwise.</summary>
    RenameField,

    /// <summary>A field of a message stands in another.</summary>
    MoveField,

    /// <summary>A message holds itself, deeply.</summary>
    NestField,
}
