using CsCheck;
using DriftGuard.Core.Points;

namespace DriftGuard.Core.Tests.Points;

public class VectorSketchTests
{
    // From an independent implementation of the documented rows. All sums are exact in floats, so every processor gives these texts.
    public static TheoryData<int, int, int, float, string> Fixed() => new()
    {
        { 1, 1, 0, 1, "ADwAvAA8ADwAvAA8ADwAvAC8ALwAvAA8ALwAPAC8ALw" },
        { 384, 7, 3, 4, "UTW6MYsm-TuFOYU51L20uJJBS7gkwPXAqz9LuOgs7jk" },
        { 100, 11, 5, 8, "SblJtTs8ZzfCPO677js7QNE9jT1dQDswAAA7MEm5WLI" },
    };

    [Theory]
    [MemberData(nameof(Fixed))]
    public void The_sketch_of_a_vector_never_changes(int dimensions, int modulus, int offset, float divisor, string expected)
    {
        var vector = new float[dimensions];
        for (var i = 0; i < dimensions; i++)
            vector[i] = dimensions == 1 ? 1 : ((dimensions == 100 ? i * i : i) % modulus - offset) / divisor;
        VectorSketch.Of(vector).ShouldBe(expected);
    }

    [Fact]
    public void A_zero_vector_has_the_sketch_of_zeros() => VectorSketch.Of(new float[8]).ShouldBe(new string('A', 43));

    [Fact]
    public void A_vector_and_its_stored_unit_form_have_one_sketch() => Vectors(384).Sample(vector =>
    {
        var length = MathF.Sqrt(vector.Sum(static value => value * value));
        var unit = Array.ConvertAll(vector, value => (float)(Half)(value / length));
        return VectorSketch.Matches(VectorSketch.Of(vector), VectorSketch.Of(unit), tolerance: 0.005);
    });

    [Fact]
    public void The_distance_of_sketches_estimates_the_distance_of_unit_vectors() =>
        Gen.Select(Vectors(384), Vectors(384), Gen.Double[0.02, 1]).Sample((vector, noise, share) =>
        {
            var other = vector.Zip(noise, (value, error) => value + ((float)share * error)).ToArray();
            var ratio = VectorSketch.Distance(VectorSketch.Of(vector), VectorSketch.Of(other)) / Distance(vector, other);
            // 16 projections: 18 % standard error, so a factor of two and a half is far outside chance.
            return ratio is > 0.25 and < 2.5;
        });

    [Fact]
    public void Another_vector_does_not_match() => Gen.Select(Vectors(384), Vectors(384)).Sample((vector, other) =>
        !VectorSketch.Matches(VectorSketch.Of(vector), VectorSketch.Of(other)));

    [Fact]
    public void A_text_that_is_no_sketch_matches_nothing_not_even_itself()
    {
        var sketch = VectorSketch.Of([1f, 2f]);
        foreach (var text in new[] { "", "foreign", sketch + "A", new string('!', 43) })
        {
            VectorSketch.Matches(text, text).ShouldBeFalse();
            VectorSketch.Matches(sketch, text, tolerance: 1000).ShouldBeFalse();
        }
        VectorSketch.Matches(sketch, sketch, tolerance: 0).ShouldBeTrue();
    }

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    [InlineData(float.MaxValue)]
    public void A_vector_without_a_finite_length_is_refused(float component) =>
        Should.Throw<ArgumentException>(() => VectorSketch.Of([1f, component])).Message.ShouldContain("finite");

    [Fact]
    public void An_empty_vector_is_refused() => Should.Throw<ArgumentException>(() => VectorSketch.Of([]));

    private static Gen<float[]> Vectors(int dimensions) => Gen.Float[-1, 1].Array[dimensions];

    private static double Distance(float[] a, float[] b)
    {
        var (lengthA, lengthB) = (Math.Sqrt(a.Sum(static value => (double)value * value)), Math.Sqrt(b.Sum(static value => (double)value * value)));
        return Math.Sqrt(a.Zip(b, (x, y) => Math.Pow((x / lengthA) - (y / lengthB), 2)).Sum());
    }
}
