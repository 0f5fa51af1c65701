using StreamRelay.Storage;
using StreamRelay.Storage.Inspection;

namespace StreamRelay.Server;

/// <summary>The command <c>doctor</c>: checks a data folder while no server uses it, and changes nothing.</summary>
internal static class Doctor
{
    private const string DataOption = "--data";
    private const int ProgressTasks = 10_000;

    /// <summary>Checks a folder and prints what was found.</summary>
    /// <param name="args">The arguments after the name of the command.</param>
    /// <param name="output">Where the findings are printed.</param>
    /// <returns>0 when nothing is damaged, 1 when something is, 2 when the folder could not be checked.</returns>
    public static int Run(string[] args, TextWriter output)
    {
        if (args is not ([] or [DataOption, _]))
        {
            output.WriteLine($"Usage: doctor [{DataOption} FOLDER]   (default {StorageOptions.DefaultDataPath()})");
            return 2;
        }

        var folder = args is [_, var named] ? named : StorageOptions.DefaultDataPath();
        try
        {
            output.WriteLine($"Checking {Path.GetFullPath(folder)}; nothing in it is changed.");
            return Print(DataFolderInspection.Run(folder, count => ShowProgress(count, output)), output);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            output.WriteLine(exception.Message);
            return 2;
        }
    }

    private static void ShowProgress(int count, TextWriter output)
    {
        if (count % ProgressTasks == 0)
            output.WriteLine($"{count} tasks so far");
    }

    private static int Print(InspectionReport report, TextWriter output)
    {
        foreach (var finding in report.Findings)
            output.WriteLine(finding);

        output.WriteLine(report.Findings.Count == 0
            ? $"No damage: {report.Tasks} tasks and {report.Segments} segments of the journal were read."
            : $"{report.Findings.Count} findings in {report.Tasks} tasks and {report.Segments} segments of the journal. What is not named is whole.");
        return report.Findings.Count == 0 ? 0 : 1;
    }
}
