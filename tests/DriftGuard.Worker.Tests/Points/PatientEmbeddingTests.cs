using System.Globalization;
using DriftGuard.Embedding;
using DriftGuard.Worker.Points;
using DriftGuard.Worker.Tests.Rollouts;

namespace DriftGuard.Worker.Tests.Points;

public sealed class PatientEmbeddingTests
{
    private const string Poison = "poison";

    private readonly HashEmbedder _model = new("new", 8);
    private readonly List<int> _calls = [];

    private static IReadOnlyList<string> Texts(int count, params int[] poisoned) =>
        [.. Enumerable.Range(0, count).Select(i => poisoned.Contains(i) ? $"{Poison} {i}" : string.Create(CultureInfo.InvariantCulture, $"text {i}"))];

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public async Task A_text_that_fails_is_tried_alone_as_often_as_is_said_and_takes_no_neighbour_with_it(int tries)
    {
        var texts = Texts(20).Append($"an {HashEmbedder.Unembeddable} text").ToList();
        _model.Asked = asked => _calls.Add(asked.Count);

        var tried = await new PatientEmbedding(_model, tries).EmbedAsync(texts, default);

        tried.Take(20).ShouldAllBe(text => text.Outcome.IsEmbedded && text.Tries == 1);
        (tried[20].Outcome.Failure, tried[20].Tries).ShouldBe((HashEmbedder.Refusal, tries));
        _calls.ShouldBe([21, .. Enumerable.Repeat(1, tries - 1)]);
    }

    [Fact]
    public async Task What_is_wrong_with_an_empty_text_does_not_pass_and_is_not_tried_again()
    {
        var tried = await new PatientEmbedding(_model, 3).EmbedAsync(["a text", " "], default);

        (tried[1].Outcome.Failure, tried[1].Tries).ShouldBe((EmbeddingFailures.EmptyText, 1));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task A_text_that_fails_once_or_twice_has_a_vector_in_the_end(int times)
    {
        var failures = times;
        _model.Asked = asked =>
        {
            if (asked.Any(IsPoison) && failures-- > 0)
            {
                throw Provider();
            }
        };

        (await new PatientEmbedding(_model, 3).EmbedAsync(Texts(4, 2), default)).ShouldAllBe(text => text.Outcome.IsEmbedded);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(17)]
    public async Task A_batch_that_fails_as_a_whole_is_halved_until_it_is_clear_which_texts_it_fails_on(int count)
    {
        _model.Asked = asked =>
        {
            if (asked.Any(IsPoison))
            {
                throw Provider();
            }
        };

        var tried = await new PatientEmbedding(_model, 3).EmbedAsync(Texts(count, 0, 11), default);

        for (var i = 0; i < count; i++)
        {
            tried[i].Outcome.IsEmbedded.ShouldBe(i is not (0 or 11), $"text {i}");
        }

        tried[0].Outcome.Failure.ShouldBe("http://provider/embeddings: expected vectors; found status 500");
        tried[0].Tries.ShouldBe(3);
        tried.Where(text => text.Outcome.IsEmbedded).Select(text => text.Outcome.Vector).ShouldBe(
            Texts(count, 0, 11).Where(text => !IsPoison(text)).Select(_model.VectorOf), "in their order");
    }

    [Fact]
    public async Task Where_a_harmless_text_fails_as_well_no_text_is_to_blame()
    {
        _model.Asked = asked =>
        {
            _calls.Add(asked.Count);
            throw Provider();
        };

        await Should.ThrowAsync<EmbeddingProviderException>(() => new PatientEmbedding(_model, 3).EmbedAsync(Texts(8), default));

        _calls.ShouldBe([8, 1]);
    }

    public static TheoryData<string> Blameless => ["nobody answers", "another model", "to be mended", "cancelled"];

    [Theory]
    [MemberData(nameof(Blameless))]
    public async Task What_is_surely_not_about_a_text_ends_the_call_at_once(string what)
    {
        Exception thrown = what switch
        {
            "nobody answers" => new EmbeddingProviderException("http://provider", "nobody answers.", new HttpRequestException()) { IsTransient = true },
            "another model" => new EmbeddingProviderException("http://provider", "it answers as another model.") { AnsweredAs = "another" },
            "to be mended" => new OperatorException(OperatorError.Invalid, "mend it"),
            _ => new OperationCanceledException(),
        };
        _model.Asked = asked =>
        {
            _calls.Add(asked.Count);
            throw thrown;
        };

        (await Should.ThrowAsync<Exception>(() => new PatientEmbedding(_model, 3).EmbedAsync(Texts(8), default))).Message.ShouldBe(thrown is OperationCanceledException ? new TaskCanceledException().Message : thrown.Message);

        _calls.ShouldBe([8]);
    }

    [Fact]
    public async Task Tokens_of_tries_that_came_to_nothing_are_counted()
    {
        var failing = new HashEmbedder("new", 8) { TokensOfRefused = 7 };
        var patient = new PatientEmbedding(failing, 3);

        var tried = await patient.EmbedAsync([HashEmbedder.Unembeddable], default);

        (patient.TokensBeside + tried[0].Outcome.Tokens).ShouldBe(21);
    }

    private static bool IsPoison(string text) => text.StartsWith(Poison, StringComparison.Ordinal);

    private static EmbeddingProviderException Provider() => new("http://provider/embeddings", "expected vectors; found status 500") { Status = 500, IsTransient = true };
}
