using System.Globalization;
using System.Text.RegularExpressions;

namespace DriftGuard.Architecture.Tests;

public sealed partial class EventIdTests
{
    private static readonly Dictionary<string, int> FirstIds = new(StringComparer.Ordinal)
    {
        ["DriftGuard.Embedding"] = 1000,
        ["DriftGuard.Qdrant"] = 2000,
        ["DriftGuard.Qdrant.Embedded"] = 3000,
        ["DriftGuard.State"] = 4000,
        ["DriftGuard.Worker"] = 5000,
        ["DriftGuard.Cli"] = 6000,
        ["DriftGuard.Operator"] = 7000,
    };

    private static readonly IReadOnlyList<(string File, string Project, int? Id)> Messages =
    [
        .. Repository.SourceFiles.SelectMany(file => Attributes().Matches(Repository.Read(file)).Select(match => (file, file.Split('/')[1], Id(match)))),
    ];

    [Fact]
    public void Every_log_message_has_an_event_id() =>
        Messages.Where(message => message.Id is null).Select(message => message.File).ShouldBeEmpty();

    [Fact]
    public void No_event_id_is_used_twice() =>
        Messages.GroupBy(message => message.Id).Where(group => group.Count() > 1)
            .Select(group => $"{group.Key}: {string.Join(", ", group.Select(message => message.File))}").ShouldBeEmpty();

    [Fact]
    public void Event_ids_lie_in_the_range_of_their_project() =>
        Messages.Where(message => !FirstIds.TryGetValue(message.Project, out var first) || message.Id < first || message.Id > first + 999)
            .Select(message => $"{message.File}: {message.Id}").ShouldBeEmpty();

    [Theory]
    [InlineData("[LoggerMessage(EventId = 1001, Level = LogLevel.Information, Message = \"(a)\")]", 1001)]
    [InlineData("[LoggerMessage(1002, LogLevel.Debug, \"a\")]", 1002)]
    [InlineData("[LoggerMessage(Level = LogLevel.Debug, EventId = 1003)]", 1003)]
    [InlineData("[LoggerMessage(\n    EventId = 1004,\n    Level = LogLevel.Debug)]", 1004)]
    [InlineData("[LoggerMessage(LogLevel.Debug, \"seen 12\")]", null)]
    public void Both_ways_of_writing_an_event_id_are_seen(string source, int? id) => Id(Attributes().Match(source)).ShouldBe(id);

    private static int? Id(Match attribute) =>
        attribute.Groups["id"].Success ? int.Parse(attribute.Groups["id"].ValueSpan, CultureInfo.InvariantCulture) : null;

    // Up to the message's text, where digits mean nothing.
    [GeneratedRegex(@"\[LoggerMessage\((?:\s*(?<id>\d+)\b|[^""\]]*?EventId\s*=\s*(?<id>\d+))?", RegexOptions.None, matchTimeoutMilliseconds: 10_000)]
    private static partial Regex Attributes();
}
