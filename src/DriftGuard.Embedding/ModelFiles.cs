using System.Security.Cryptography;
using DriftGuard.Core.Embedding;
using DriftGuard.Embedding.Specs;

namespace DriftGuard.Embedding;

/// <summary>The files of a model folder, each held to the digest that the spec states, and everything found wrong with them.</summary>
internal sealed class ModelFiles(string directory, ModelSpec spec)
{
    private readonly List<ModelProblem> _problems = [];

    public ModelSpec Spec => spec;

    public string SpecPath => Path.Combine(directory, ModelSpecFile.Name);

    /// <summary>Whether something was found wrong.</summary>
    public bool HasProblems => _problems.Count > 0;

    /// <summary>Whether the spec names a file for a role.</summary>
    public bool Has(string role) => spec.Files.Any(f => f.Role == role);

    /// <summary>Where the file of a role is.</summary>
    public string PathOf(string role) => Path.Combine(directory, spec.Files.Single(f => f.Role == role).Path);

    /// <summary>The bytes of a file, which are those that were verified; none, and a problem, where they are not what the spec pins.</summary>
    public byte[] Read(string role)
    {
        byte[] bytes = [];
        return Check(role, path => SHA256.HashData(bytes = File.ReadAllBytes(path))) ? bytes : [];
    }

    /// <summary>
    /// Verifies a file that is opened by its path later, since it may be larger than an array can be: what changes it in between
    /// goes unseen.
    /// </summary>
    public void Verify(string role) => Check(role, FileDigests.HashOf);

    /// <summary>Whether the files on the disk are still those that the spec pins.</summary>
    public bool AreUnchanged()
    {
        var there = FileDigests.Read(directory, spec);
        return spec.Files.All(file => there[file.Role] == file.Sha256);
    }

    /// <summary>Adds a problem of a role's file.</summary>
    public void Report(string role, string message) => ReportAt(PathOf(role), message);

    /// <summary>Adds a problem of the file at a path.</summary>
    public void ReportAt(string path, string message) => _problems.Add(new(path, null, message));

    /// <summary>What <paramref name="make"/> makes of a file; nothing, and a problem, where it finds it malformed.</summary>
    public T? Try<T>(string path, Func<T> make) where T : class
    {
        try
        {
            return make();
        }
        catch (InvalidDataException e)
        {
            ReportAt(path, e.Message);
            return null;
        }
    }

    /// <exception cref="ModelException">Something was found wrong.</exception>
    public void ThrowIfProblems(Exception? cause = null)
    {
        if (_problems.Count > 0)
            throw new ModelException(directory, [.. _problems], cause);
    }

    private bool Check(string role, Func<string, byte[]> hash)
    {
        var file = spec.Files.Single(f => f.Role == role);
        var path = PathOf(role);
        try
        {
            var found = Convert.ToHexStringLower(hash(path));
            if (found == file.Sha256)
                return true;
            ReportAt(path, $"SHA-256 is {found}, {ModelSpecFile.Name} says {file.Sha256}. It is another version or was "
                + "cut off; get the file again, or state the new digest: that is another model, and its index must be embedded anew.");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            ReportAt(path, File.Exists(path)
                ? $"cannot be read: {e.Message}"
                : $"there is no such file; {ModelSpecFile.Name} expects it with SHA-256 {file.Sha256}.");
        }

        return false;
    }
}
