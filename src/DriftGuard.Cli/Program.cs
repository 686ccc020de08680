using System.Globalization;
using System.Text;
using DriftGuard.Cli.Shell;

Console.OutputEncoding = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false);
// Figures read the same on every machine, for people and for programs.
CultureInfo.DefaultThreadCurrentCulture = CultureInfo.DefaultThreadCurrentUICulture =
    CultureInfo.CurrentCulture = CultureInfo.CurrentUICulture = CultureInfo.InvariantCulture;

using var signals = new StopSignals();
return (int)await CommandLineApplication.RunAsync(args, ShellEnvironment.OfProcess(signals.Stopping));
