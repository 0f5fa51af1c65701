using StreamRelay.Docs.Pages;

namespace StreamRelay.Docs.Blocks;

/// <summary>Runs a block as its language asks, and compares what happened with what the page states.</summary>
internal sealed class BlockRunner(PageSession session, CSharpPrograms programs)
{
    // Loads the variables and functions of the blocks before, and leaves those of this one to the blocks after it.
    private const string ShellStart = "set -a; [ -f .variables ] && . ./.variables; trap '{ export -p; declare -f; } > .variables' EXIT; set -e\n";

    private string _output = "";

    /// <summary>The languages that a block can have.</summary>
    public static IReadOnlyList<string> Languages { get; } = ["sh", "js", "jsx", "python", "csharp", "json", "text"];

    /// <returns>What is wrong, or <see langword="null"/>.</returns>
    public async Task<string?> RunAsync(DocBlock block)
    {
        if (block.Marker(DocMarker.Skip) is not null)
            return null;

        await session.EnsureServerAsync(block);
        if (block.Marker(DocMarker.File) is { } name)
        {
            session.Write(name, session.Localize(block.Text));
            return null;
        }

        var result = await ExecuteAsync(block, session.Localize(block.Text));
        var output = session.Generalize(result.Output);
        var fault = Fault(block, result.ExitCode, output);
        if (block.Language is "sh" or "js" or "jsx" or "python" or "csharp")
            _output = output;

        return fault is null ? null : $"{block.Location}: {fault}\n{Indent(output)}";
    }

    private static string? Fault(DocBlock block, int exitCode, string output)
    {
        var expectedExit = int.Parse(block.Marker(DocMarker.Exit) ?? "0", System.Globalization.CultureInfo.InvariantCulture);
        if (exitCode != expectedExit)
            return $"exit code {exitCode} instead of {expectedExit}";

        var missing = block.Markers.FirstOrDefault(marker => marker.Name == DocMarker.Expect && !output.Contains(marker.Value, StringComparison.Ordinal));
        return missing is null ? null : $"the output lacks: {missing.Value}";
    }

    private static string Indent(string text) => "    " + string.Join("\n    ", text.TrimEnd().Split('\n').TakeLast(40));

    private async Task<BlockResult> ExecuteAsync(DocBlock block, string text) => block.Language switch
    {
        "sh" => await session.RunAsync("bash", session.Write($"{block.FileName}.sh", ShellStart + text)),
        "js" => await session.RunAsync("node", session.Write($"{block.FileName}.mjs", text)),
        "jsx" => await session.RunAsync("node", session.Write($"{block.FileName}.render.mjs", JsxPage.Render(session.Write($"{block.FileName}.jsx", text)))),
        "python" => await session.RunAsync("python3", session.Write($"{block.FileName}.py", text)),
        "csharp" => await programs.RunAsync(session, block),
        "json" => JsonBlocks.Check(text, session, _output),
        "text" => OutputSample.Compare(block.Text, _output),
        _ => throw new InvalidOperationException($"{block.Location}: no block can be '{block.Language}'."),
    };
}
