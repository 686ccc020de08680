namespace DriftGuard.Charts.Tests.Tools;

/// <summary>Helm, where the machine has it: <c>DRIFTGUARD_HELM</c>, or on the path.</summary>
internal static class Helm
{
    /// <summary>The release that all cases install.</summary>
    public const string Release = "dg";

    /// <summary>Its namespace.</summary>
    public const string Namespace = "search";

    private static readonly string? Path = ToolRun.Find("DRIFTGUARD_HELM", "helm");

    /// <summary>Skips a test where there is no Helm.</summary>
    public static void Need() => Assert.SkipWhen(Path is null, "helm is not on the path: install it, or name it in DRIFTGUARD_HELM");

    /// <summary>Runs it.</summary>
    public static Task<(int Code, string Out, string Error)> RunAsync(params IEnumerable<string> arguments) => ToolRun.RunAsync(Path!, arguments);

    /// <summary>What the chart makes of a file of values.</summary>
    public static async Task<string> TemplateAsync(string values, params IEnumerable<string> arguments)
    {
        var (code, manifests, error) = await TryTemplateAsync([.. arguments, "--values", values]);
        code.ShouldBe(0, error);
        return manifests;
    }

    /// <summary>The same, whether it works or not.</summary>
    public static Task<(int Code, string Out, string Error)> TryTemplateAsync(params IEnumerable<string> arguments) =>
        RunAsync(["template", Release, Chart.Folder, "--namespace", Namespace, .. arguments]);
}
