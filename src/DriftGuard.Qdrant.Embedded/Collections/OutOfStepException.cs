namespace DriftGuard.Qdrant.Embedded.Collections;

/// <summary>A write is on disk and memory does not show it: the collection answers nothing until a restart has loaded the disk.</summary>
internal sealed class OutOfStepException : Exception
{
    public OutOfStepException()
    {
    }

    public OutOfStepException(string collection) : base(Describe(collection))
    {
    }

    public OutOfStepException(string collection, Exception innerException) : base(Describe(collection), innerException)
    {
    }

    public static string Describe(string collection) =>
        $"The last write to collection `{collection}` is stored but could not be shown. Restart the server: that brings it back, and no data is lost.";
}
