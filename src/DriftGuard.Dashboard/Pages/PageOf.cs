using DriftGuard.Dashboard.Parts;
using Microsoft.AspNetCore.Components;

namespace DriftGuard.Dashboard.Pages;

/// <summary>A page that shows a model.</summary>
/// <typeparam name="TModel">What it shows.</typeparam>
public abstract class PageOf<TModel> : ComponentBase
{
    /// <summary>What it shows, as the API gave it.</summary>
    [Parameter, EditorRequired]
    public TModel Model { get; set; } = default!;

    /// <summary>What stands around it.</summary>
    [Parameter, EditorRequired]
    public Frame Frame { get; set; } = null!;
}
