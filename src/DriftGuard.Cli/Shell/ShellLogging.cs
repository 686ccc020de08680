using DriftGuard.Worker.Configuration;
using Microsoft.Extensions.Logging;

namespace DriftGuard.Cli.Shell;

/// <summary>Where log lines go: standard error, so that standard output stays the result's.</summary>
internal static class ShellLogging
{
    private const string TimestampFormat = "yyyy-MM-dd'T'HH:mm:ss.fff'Z' ";

    /// <summary>For long-running commands: everything from the configured level on.</summary>
    public static void ForService(ILoggingBuilder logging, LogOptions options, bool verbose)
    {
        var level = verbose && options.Level > LogLevel.Debug ? LogLevel.Debug : options.Level;
        logging.SetMinimumLevel(level);
        if (!verbose)
        {
            // The framework's own chatter, such as a line for each probe of the health pages.
            var framework = (LogLevel)Math.Max((int)level, (int)LogLevel.Warning);
            logging.AddFilter("Microsoft", framework).AddFilter("Grpc", framework).AddFilter("Quartz", framework);
        }

        // The ids of the trace that a line belongs to, such as that of a rollout; they are in the line's scopes.
        logging.Configure(factory => factory.ActivityTrackingOptions = ActivityTrackingOptions.TraceId | ActivityTrackingOptions.SpanId);
        ToStandardError(logging, options.Json);
    }

    /// <summary>For commands that a person waits for: nothing, since the command itself says what went wrong, or everything with <c>--verbose</c>.</summary>
    public static ILoggerFactory ForCommand(bool verbose) => LoggerFactory.Create(logging =>
    {
        logging.SetMinimumLevel(verbose ? LogLevel.Debug : LogLevel.None);
        ToStandardError(logging, json: false);
    });

    private static void ToStandardError(ILoggingBuilder logging, bool json)
    {
        logging.AddConsole(console => console.LogToStandardErrorThreshold = LogLevel.Trace);
        _ = json
            ? logging.AddJsonConsole(console => (console.UseUtcTimestamp, console.TimestampFormat, console.IncludeScopes) = (true, "O", true))
            : logging.AddSimpleConsole(console =>
                (console.UseUtcTimestamp, console.TimestampFormat, console.SingleLine) = (true, TimestampFormat, true));
    }
}
