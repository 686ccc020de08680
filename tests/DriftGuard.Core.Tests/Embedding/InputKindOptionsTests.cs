using DriftGuard.Core.Embedding;
using Microsoft.Extensions.AI;

namespace DriftGuard.Core.Tests.Embedding;

public sealed class InputKindOptionsTests
{
    [Fact]
    public void Texts_are_documents_unless_said()
    {
        ((EmbeddingGenerationOptions?)null).GetInputKind().ShouldBe(InputKind.Document);
        new EmbeddingGenerationOptions().GetInputKind().ShouldBe(InputKind.Document);
        new EmbeddingGenerationOptions { AdditionalProperties = new() { ["other"] = 1 } }.GetInputKind().ShouldBe(InputKind.Document);
    }

    [Theory]
    [InlineData(InputKind.Document)]
    [InlineData(InputKind.Query)]
    public void What_is_put_in_comes_out_and_survives_a_copy(InputKind kind) =>
        new EmbeddingGenerationOptions().WithInputKind(kind).Clone().GetInputKind().ShouldBe(kind);

    [Theory]
    [InlineData("query", InputKind.Query)]
    [InlineData("Document", InputKind.Document)]
    public void The_name_will_do_for_callers_without_the_type(string name, InputKind kind) => Options(name).GetInputKind().ShouldBe(kind);

    [Theory]
    [InlineData("passage")]
    [InlineData("7")]
    [InlineData(1)]
    [InlineData((InputKind)7)]
    public void Anything_else_is_refused(object value) =>
        Should.Throw<ArgumentException>(() => Options(value).GetInputKind()).Message.ShouldContain("driftguard.input_kind");

    private static EmbeddingGenerationOptions Options(object value) =>
        new() { AdditionalProperties = new() { [InputKindOptions.Key] = value } };
}
