using System.Collections;
using DriftGuard.Core.Embedding;
using Microsoft.Extensions.AI;

namespace DriftGuard.Embedding.Tests;

public sealed class EmbeddingModelTests
{
    private static readonly EmbeddingModelOptions SmallWindows = new() { Sessions = 2, Window = 10, TokensPerRun = 12 };

    private static readonly string[] Words = ["apple", "pear", "apple pear", "nothing", "pear pear apple"];

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(8)]
    [InlineData(9)]
    [InlineData(10)]
    [InlineData(11)]
    [InlineData(997)]
    public async Task Outcomes_come_in_the_order_of_the_texts_whatever_the_windows_and_batches(int count)
    {
        using var tiny = new TinyModel().Write();
        using var model = tiny.Open(SmallWindows);
        var texts = Enumerable.Range(0, count).Select(i => Words[i * i % Words.Length]).ToArray();

        var outcomes = await model.EmbedAsync(texts, InputKind.Document);

        outcomes.Count.ShouldBe(count);
        for (var i = 0; i < count; i++)
            outcomes[i].ShouldBeSameOutcomeAs((await model.EmbedAsync([texts[i]], InputKind.Document))[0]);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(10)]
    [InlineData(995)]
    public async Task A_stream_gives_what_a_list_gives(int count)
    {
        using var tiny = new TinyModel().Write();
        using var model = tiny.Open(SmallWindows);
        var texts = Enumerable.Range(0, count).Select(i => Words[i % Words.Length]).ToArray();

        var streamed = await model.EmbedStreamAsync(texts.ToAsyncEnumerable(), InputKind.Document).ToListAsync();

        var listed = await model.EmbedAsync(texts, InputKind.Document);
        streamed.Count.ShouldBe(count);
        for (var i = 0; i < count; i++)
            streamed[i].ShouldBeSameOutcomeAs(listed[i]);
    }

    [Fact]
    public async Task A_stream_is_read_no_further_than_two_windows_ahead_of_its_consumer()
    {
        using var tiny = new TinyModel().Write();
        using var model = tiny.Open(SmallWindows);
        var read = 0;

        await foreach (var _ in model.EmbedStreamAsync(Endless(), InputKind.Document))
            break;

        read.ShouldBe(2 * SmallWindows.Window);

        async IAsyncEnumerable<string> Endless()
        {
            while (true)
            {
                read++;
                yield return "apple";
                await Task.Yield();
            }
        }
    }

    [Fact]
    public async Task A_call_that_is_cancelled_ends_in_the_middle()
    {
        using var tiny = new TinyModel().Write();
        using var model = tiny.Open(SmallWindows);
        using var cancellation = new CancellationTokenSource();
        var texts = new CancellingList(10_000, cancelAt: 500, cancellation);

        await Should.ThrowAsync<OperationCanceledException>(async () => await model.EmbedAsync(texts, InputKind.Document, cancellation.Token));

        texts.Highest.ShouldBeLessThan(1_000);
        (await model.EmbedAsync(["apple"], InputKind.Document)).ShouldHaveSingleItem().IsEmbedded.ShouldBeTrue("the model goes on");
    }

    [Fact]
    public async Task A_call_that_is_cancelled_before_it_begins_does_nothing()
    {
        using var tiny = new TinyModel().Write();
        using var model = tiny.Open();

        await Should.ThrowAsync<OperationCanceledException>(async () =>
            await model.EmbedAsync(["apple"], InputKind.Document, new(canceled: true)));

        model.Statistics.Texts.ShouldBe(0);
    }

    [Fact]
    public async Task Concurrent_calls_do_not_mix_their_texts()
    {
        using var tiny = new TinyModel().Write();
        using var model = tiny.Open(SmallWindows);

        await Task.WhenAll(Enumerable.Range(0, 40).Select(i => Task.Run(async () =>
        {
            var word = Words[i % 3];
            var expected = await model.EmbedAsync([word], InputKind.Query);
            var outcomes = await model.EmbedAsync(Enumerable.Repeat(word, i * 5).ToArray(), InputKind.Document);
            foreach (var outcome in outcomes)
                outcome.ShouldBeSameOutcomeAs(expected[0]);
        })));
    }

    [Fact]
    public async Task A_disposed_model_refuses_texts_and_may_be_disposed_again()
    {
        using var tiny = new TinyModel().Write();
        var model = tiny.Open();
        model.Dispose();
        model.Dispose();

        await Should.ThrowAsync<ObjectDisposedException>(async () => await model.EmbedAsync(["apple"], InputKind.Document));
    }

    [Fact]
    public void Options_that_make_no_sense_are_refused()
    {
        using var tiny = new TinyModel().Write();

        foreach (var options in new EmbeddingModelOptions[] { new() { Sessions = 0 }, new() { Window = 0 }, new() { TokensPerRun = 0 }, new() { InteractiveTexts = -1 } })
            Should.Throw<ArgumentException>(() => tiny.Open(options));
    }

    [Fact]
    public async Task Speaks_the_common_interface()
    {
        using var tiny = new TinyModel().Write(settings: "dimensions: 4\nmax_tokens: 16\nprefixes: { query: 'query ' }");
        using var generator = tiny.Open();

        var documents = await generator.GenerateAsync(["apple", "pear"]);
        var query = await generator.GenerateVectorAsync("apple", new EmbeddingGenerationOptions().WithInputKind(InputKind.Query));

        documents.Count.ShouldBe(2);
        documents[0].Vector.ToArray().ShouldBe([.6f, .8f, 0, 0], tolerance: 1e-6);
        documents[0].ModelId.ShouldBe("tests/tiny");
        documents.Usage!.InputTokenCount.ShouldBe(6);
        query.ToArray().ShouldNotBe(documents[0].Vector.ToArray(), "queries have a prefix");
        generator.GetRequiredService<EmbeddingGeneratorMetadata>().DefaultModelDimensions.ShouldBe(4);
        generator.GetRequiredService<ModelSpec>().Name.ShouldBe("tiny");
        generator.GetService(typeof(ModelSpec), "key").ShouldBeNull();
    }

    [Fact]
    public async Task The_common_interface_names_the_first_text_that_has_no_vector()
    {
        using var tiny = new TinyModel().Write();
        using var generator = tiny.Open();

        var exception = await Should.ThrowAsync<EmbeddingException>(() => generator.GenerateAsync(["apple", "poison", ""]));

        exception.Index.ShouldBe(1);
        exception.Reason.ShouldBe(EmbeddingFailures.NotFinite);
        exception.Message.ShouldStartWith("Text 1 has no vector: ");
    }

    [Fact]
    public async Task The_common_interface_does_not_give_other_dimensions_than_the_spec_s()
    {
        using var tiny = new TinyModel().Write();
        using var generator = tiny.Open();

        await Should.ThrowAsync<NotSupportedException>(() => generator.GenerateAsync(["apple"], new() { Dimensions = 2 }));
    }

    /// <summary>Texts of which one, when it is read, cancels the call.</summary>
    private sealed class CancellingList(int count, int cancelAt, CancellationTokenSource cancellation) : IReadOnlyList<string>
    {
        private int _highest;

        public int Highest => Volatile.Read(ref _highest);

        public int Count => count;

        public string this[int index]
        {
            get
            {
                if (index == cancelAt)
                    cancellation.Cancel();
                Volatile.Write(ref _highest, Math.Max(index, Volatile.Read(ref _highest)));
                return "apple";
            }
        }

        public IEnumerator<string> GetEnumerator() => Enumerable.Repeat("apple", count).GetEnumerator();

        IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
    }
}
