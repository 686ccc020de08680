using System.Security.Cryptography;
using System.Text;
using DriftGuard.Core.Embedding;

namespace DriftGuard.Core.Tests.Embedding;

public sealed class FingerprintTests
{
    [Fact]
    public void Is_the_digest_of_the_documented_lines()
    {
        var spec = ModelSpecs.Example();
        var lines = $"driftguard.fingerprint/1\n{ModelSpecDigest.Compute(spec)}\ngraph {new string('a', 64)}\nvocabulary {new string('b', 64)}\n";

        Fingerprint.Of(spec).Id.ShouldBe(Convert.ToHexStringLower(SHA256.HashData(Encoding.ASCII.GetBytes(lines))));
    }

    [Fact]
    public void Its_short_form_is_the_first_eight_digits() =>
        Fingerprint.Of(ModelSpecs.Example()).Short.ShouldBe(Fingerprint.Of(ModelSpecs.Example()).Id[..8]);

    [Fact]
    public void Another_file_is_another_model()
    {
        var other = ModelSpecs.Example() with
        {
            Files = [new("graph", "model.onnx", new('c', 64)), new("vocabulary", "vocab.txt", new('b', 64))],
        };

        Fingerprint.Of(other).ShouldNotBe(Fingerprint.Of(ModelSpecs.Example()));
    }

    [Fact]
    public void Another_spec_of_the_same_files_is_another_model() =>
        Fingerprint.Of(ModelSpecs.Example() with { Pooling = Pooling.Cls }).ShouldNotBe(Fingerprint.Of(ModelSpecs.Example()));

    [Fact]
    public void Order_names_and_case_of_the_file_list_mean_nothing()
    {
        var other = ModelSpecs.Example() with
        {
            Files = [new("vocabulary", "words.txt", new('B', 64)), new("graph", "onnx/model.onnx", new('A', 64))],
        };

        Fingerprint.Of(other).ShouldBe(Fingerprint.Of(ModelSpecs.Example()));
    }

    [Fact]
    public void Survives_being_written_and_read()
    {
        var fingerprint = Fingerprint.Of(ModelSpecs.Example());

        Fingerprint.Parse(fingerprint.Id).ShouldBe(fingerprint);
        fingerprint.ToString().ShouldBe(fingerprint.Id);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("12345678")]
    [InlineData("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    [InlineData("gggggggggggggggggggggggggggggggggggggggggggggggggggggggggggggggg")]
    public void Anything_but_64_lower_case_hex_digits_is_no_fingerprint(string? id)
    {
        Fingerprint.TryParse(id, out _).ShouldBeFalse();
        Should.Throw<FormatException>(() => Fingerprint.Parse(id!));
    }

    [Fact]
    public void The_default_identifies_nothing() =>
        Should.Throw<InvalidOperationException>(() => default(Fingerprint).Id);
}
