using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using DriftGuard.State.Archives;

namespace DriftGuard.State.Tests.Archives;

/// <summary>A backup that is not whole, or not of this version, is refused by what is wrong with it, before anything is touched.</summary>
public sealed class DamagedArchiveTests() : StateFolder(StateKind.Sqlite)
{
    [Fact]
    public async Task A_backup_that_was_cut_off_anywhere_is_refused()
    {
        var whole = await File.ReadAllBytesAsync(await BackupAsync(), Cancellation);
        foreach (var share in new[] { 0, .1, .5, .9, .999 })
        {
            var file = Path.Join(Folder, "short.zip");
            await File.WriteAllBytesAsync(file, whole[..(int)(whole.Length * share)], Cancellation);

            (await RefusedAsync(file)).ShouldContain("was cut off");
        }
    }

    [Fact]
    public async Task A_backup_with_a_byte_changed_anywhere_is_refused_or_reads_the_same()
    {
        var path = await BackupAsync();
        var whole = await File.ReadAllBytesAsync(path, Cancellation);
        var random = new Random(7);
        var refused = 0;
        for (var i = 0; i < 200; i++)
        {
            var (changed, at) = (whole.ToArray(), random.Next(whole.Length));
            changed[at] ^= (byte)(1 << random.Next(8));
            var file = Path.Join(Folder, "changed.zip");
            await File.WriteAllBytesAsync(file, changed, Cancellation);
            try
            {
                // Times and flags of entries are read by nobody.
                using var archive = ArchiveReader.Open(file);
                await archive.VerifyAsync(Cancellation);
            }
            catch (StateArchiveException)
            {
                refused++;
            }
        }

        refused.ShouldBeGreaterThan(100);
    }

    [Fact]
    public async Task A_row_that_was_changed_is_refused_by_the_digest_of_its_table()
    {
        var file = await BackupAsync();
        await RewriteAsync(file, "tables/Indexes.jsonl", text => text.Replace("Name-2", "Name-9", StringComparison.Ordinal));

        (await RefusedAsync(file)).ShouldContain("table Indexes has 3 rows with SHA-256");
    }

    [Fact]
    public async Task A_table_that_is_missing_is_refused()
    {
        var file = await BackupAsync();
        using (var zip = ZipFile.Open(file, ZipArchiveMode.Update))
        {
            zip.GetEntry("tables/Audit.jsonl")!.Delete();
        }

        (await RefusedAsync(file)).ShouldContain("tables/Audit.jsonl");
    }

    [Fact]
    public async Task A_manifest_that_was_changed_is_refused()
    {
        var file = await BackupAsync();
        await RewriteAsync(file, "manifest.json", text => text.Replace("\"schema\"", "\"Schema\"", StringComparison.Ordinal));

        (await RefusedAsync(file)).ShouldContain("manifest.json is not what its SHA-256 says");
    }

    [Fact]
    public async Task A_later_form_and_a_later_schema_are_refused_by_name_and_an_empty_state_stays_empty()
    {
        var (form, schema) = (await BackupAsync(), await BackupAsync("schema.zip"));
        await ArchiveEdit.ManifestAsync(form, manifest => manifest["formatVersion"] = 2);
        await ArchiveEdit.ManifestAsync(schema, manifest => manifest["schema"] = "Teleportation");

        (await RefusedAsync(form)).ShouldContain("it has form 2, and this version reads form 1");
        var target = await NewDatabaseAsync("target");
        using var archive = ArchiveReader.Open(schema);
        (await Should.ThrowAsync<StateArchiveException>(() => StateRestoration.BeginAsync(target, archive, false, Clock, Cancellation))).Message.ShouldContain("Teleportation");
        File.Exists(Path.Join(Folder, "target.db")).ShouldBeFalse("nothing was touched");
    }

    [Fact]
    public async Task What_is_no_backup_is_refused()
    {
        var file = Path.Join(Folder, "empty.zip");
        using (ZipFile.Open(file, ZipArchiveMode.Create))
        {
        }

        (await RefusedAsync(file)).ShouldContain("manifest.json is missing");
        await File.WriteAllTextAsync(file, "not a zip", Cancellation);
        (await RefusedAsync(file)).ShouldContain("no backup of the state");
    }

    private async Task<string> BackupAsync(string name = "backup.zip")
    {
        await using var context = await Database.OpenContextAsync(Cancellation);
        if (!context.Indexes.Any())
        {
            await Examples.AddAsync(context, Cancellation);
        }

        var file = Path.Join(Folder, name);
        await StateBackup.TakeAsync(Database, file, overwrite: false, Clock, Cancellation);
        return file;
    }

    private static async Task<string> RefusedAsync(string file)
    {
        var refused = await Should.ThrowAsync<StateArchiveException>(async () =>
        {
            using var archive = ArchiveReader.Open(file);
            await archive.VerifyAsync(Cancellation);
        });
        refused.Message.ShouldContain(file);
        return refused.Message;
    }

    private static Task RewriteAsync(string file, string entry, Func<string, string> change) => ArchiveEdit.EntryAsync(file, entry, change);
}

/// <summary>Changes backups as a person with a text editor could.</summary>
internal static class ArchiveEdit
{
    /// <summary>Changes an entry, and nothing else.</summary>
    public static async Task EntryAsync(string file, string entry, Func<string, string> change)
    {
        await using var zip = await ZipFile.OpenAsync(file, ZipArchiveMode.Update);
        string text;
        using (var reader = new StreamReader(await zip.GetEntry(entry)!.OpenAsync()))
        {
            text = await reader.ReadToEndAsync();
        }

        zip.GetEntry(entry)!.Delete();
        await using var writer = new StreamWriter(await zip.CreateEntry(entry).OpenAsync(), new UTF8Encoding(encoderShouldEmitUTF8Identifier: false));
        await writer.WriteAsync(change(text));
    }

    /// <summary>Removes entries.</summary>
    public static async Task RemoveAsync(string file, params string[] entries)
    {
        await using var zip = await ZipFile.OpenAsync(file, ZipArchiveMode.Update);
        foreach (var entry in entries)
        {
            zip.GetEntry(entry)!.Delete();
        }
    }

    /// <summary>Changes the manifest, and makes its digest right.</summary>
    public static async Task ManifestAsync(string file, Action<JsonNode> change)
    {
        var changed = "";
        await EntryAsync(file, "manifest.json", text =>
        {
            var manifest = JsonNode.Parse(text)!;
            change(manifest);
            return changed = manifest.ToJsonString();
        });
        await EntryAsync(file, "manifest.json.sha256", _ => $"{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(changed)))}  manifest.json\n");
    }
}
