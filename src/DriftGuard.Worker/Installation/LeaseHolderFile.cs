using System.Text.Json;

namespace DriftGuard.Worker.Installation;

/// <summary>
/// The readable file beside the lock. It is replaced whole, so a reader never sees half of it. A process that is killed leaves it
/// behind: it says something only while the lock is held.
/// </summary>
internal sealed class LeaseHolderFile(string path)
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    public void Write(LeaseHolder holder)
    {
        var temporary = path + ".new";
        File.WriteAllText(temporary, JsonSerializer.Serialize(holder, Json));
        File.Move(temporary, path, overwrite: true);
    }

    /// <summary>What the file says, or null where there is none or it is not one of ours.</summary>
    public LeaseHolder? Read()
    {
        try
        {
            return JsonSerializer.Deserialize<LeaseHolder>(File.ReadAllText(path), Json);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or JsonException)
        {
            return null;
        }
    }

    public void Delete() => File.Delete(path);
}
