using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace DriftGuard.Cli.Shell;

/// <summary>The usual help, and after it a command's examples and, at the root, the exit codes.</summary>
internal sealed class CommandLineHelp(HelpAction usual) : SynchronousCommandLineAction
{
    public override bool ClearsParseErrors => true;

    public override int Invoke(ParseResult parseResult)
    {
        usual.Invoke(parseResult);
        var output = parseResult.InvocationConfiguration.Output;
        if (parseResult.CommandResult.Command is DriftGuardCommand { Examples: { Count: > 0 } examples } command)
        {
            output.WriteLine("Examples:");
            foreach (var example in examples)
            {
                output.WriteLine($"  {example}");
            }

            output.WriteLine();
            WriteCodes(output, command.ExitCodes);
        }
        else if (parseResult.CommandResult.Command is RootCommand)
        {
            WriteCodes(output, ExitCodeTable.Rows.Select(row => (row.Code, row.Meaning)));
        }

        return (int)ExitCode.Success;
    }

    private static void WriteCodes(TextWriter output, IEnumerable<(ExitCode Code, string Meaning)> codes)
    {
        var rows = codes.ToList();
        if (rows.Count == 0)
        {
            return;
        }

        output.WriteLine("Exit codes:");
        foreach (var (code, meaning) in rows)
        {
            output.WriteLine($"  {(int)code,3}  {meaning}");
        }

        output.WriteLine();
    }
}
