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
        if (parseResult.CommandResult.Command is DriftGuardCommand { Examples: { Count: > 0 } examples })
        {
            output.WriteLine("Examples:");
            foreach (var example in examples)
            {
                output.WriteLine($"  {example}");
            }

            output.WriteLine();
        }
        else if (parseResult.CommandResult.Command is RootCommand)
        {
            output.WriteLine("Exit codes:");
            foreach (var (code, _, meaning) in ExitCodeTable.Rows)
            {
                output.WriteLine($"  {(int)code,3}  {meaning}");
            }

            output.WriteLine();
        }

        return (int)ExitCode.Success;
    }
}
