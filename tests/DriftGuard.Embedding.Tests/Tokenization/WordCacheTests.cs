using DriftGuard.Embedding.Tokenization;

namespace DriftGuard.Embedding.Tests.Tokenization;

public sealed class WordCacheTests
{
    [Fact]
    public void Words_of_every_length_that_is_kept_give_their_own_ids()
    {
        var cache = new WordCache(1 << 12);
        var words = Enumerable.Range(0, 33).SelectMany(length => new[] { new string('a', length), new string('b', length) }).Distinct().ToList();
        for (var i = 0; i < words.Count; i++)
            cache.Keep(words[i], WordCache.Hash(words[i]), [i, i + 1]);

        for (var i = 0; i < words.Count; i++)
        {
            var ids = new TokenBuffer();
            if (cache.TryAppend(words[i], WordCache.Hash(words[i]), ids))
                ids.Slice(0, ids.Count).ToArray().ShouldBe([i, i + 1]);
        }
    }

    [Fact]
    public void What_is_too_long_or_has_too_many_ids_is_not_kept()
    {
        var cache = new WordCache(16);
        var word = new string('a', 33);
        cache.Keep(word, WordCache.Hash(word), [1]);
        cache.Keep("b", WordCache.Hash("b"), [1, 2, 3, 4, 5, 6, 7]);

        cache.TryAppend(word, WordCache.Hash(word), new()).ShouldBeFalse();
        cache.TryAppend("b", WordCache.Hash("b"), new()).ShouldBeFalse();
    }

    [Fact]
    public void Threads_that_take_each_other_s_places_never_see_half_of_a_word()
    {
        var cache = new WordCache(8);
        Parallel.For(0, 8, thread =>
        {
            var (random, ids) = (new Random(thread), new TokenBuffer());
            for (var i = 0; i < 50_000; i++)
            {
                var number = random.Next(64);
                var word = $"{number:D20}";
                ids.CutAt(0);
                if (cache.TryAppend(word, WordCache.Hash(word), ids))
                    ids.Slice(0, ids.Count).ToArray().ShouldBe(Enumerable.Repeat(number, 1 + (number % 6)).ToArray());
                else
                    cache.Keep(word, WordCache.Hash(word), Enumerable.Repeat(number, 1 + (number % 6)).ToArray());
            }
        });
    }
}
