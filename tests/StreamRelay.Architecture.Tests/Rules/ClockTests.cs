using Microsoft.CodeAnalysis.CSharp.Syntax;
using StreamRelay.Architecture.Sources;

namespace StreamRelay.Architecture.Rules;

/// <summary>Core and Protocols take time and ids from outside, so that a fold gives the same bytes on every node and a test can set the time.</summary>
public sealed class ClockTests
{
    private static readonly string[] Projects = ["StreamRelay.Core", "StreamRelay.Protocols"];

    private static readonly string[] BannedMembers =
    [
        "DateTime.Now", "DateTime.UtcNow", "DateTime.Today", "DateTimeOffset.Now", "DateTimeOffset.UtcNow", "Guid.NewGuid", "Thread.Sleep", "Random.Shared",
    ];

    private static readonly string[] BannedSymbols =
    [
        "P:System.DateTime.Now;", "P:System.DateTime.UtcNow;", "P:System.DateTimeOffset.Now;", "P:System.DateTimeOffset.UtcNow;", "M:System.Guid.NewGuid;",
        "M:System.Threading.Tasks.Task.Delay(System.Int32);", "M:System.Threading.Tasks.Task.Delay(System.TimeSpan);",
    ];

    [Fact]
    public void Core_and_Protocols_read_no_clock_but_a_TimeProvider_and_draw_no_random_ids()
    {
        var violations = Files().SelectMany(file => file.Root.DescendantNodes().OfType<MemberAccessExpressionSyntax>()
            .Where(access => BannedMembers.Contains(access.ToString())).Select(access => Place(file, access)));
        Rule.Holds(violations, "Take a TimeProvider, and derive ids from the task id and the offset:");
    }

    [Fact]
    public void Core_and_Protocols_wait_with_a_TimeProvider()
    {
        var violations = Files().SelectMany(file => file.Root.DescendantNodes().OfType<InvocationExpressionSyntax>()
            .Where(call => call.Expression.ToString() == "Task.Delay" && !call.ArgumentList.Arguments.Any(argument => IsTime(argument.ToString())))
            .Select(call => Place(file, call)));
        Rule.Holds(violations, "Pass the TimeProvider, so that a test can advance the time:");
    }

    [Fact]
    public void The_compiler_refuses_clocks_in_Core_and_Protocols()
    {
        Assert.True(Repository.Read("Directory.Packages.props").Contains("Microsoft.CodeAnalysis.BannedApiAnalyzers", StringComparison.Ordinal),
            "Add Microsoft.CodeAnalysis.BannedApiAnalyzers to Directory.Packages.props as a GlobalPackageReference.");
        var settings = Repository.Read("Directory.Build.props");
        Rule.Holds(Projects.Where(project => !settings.Contains($"'{project}'", StringComparison.Ordinal)),
            "Directory.Build.props gives BannedSymbols.Clocks.txt as additional file to these projects no more. Name them in its condition:");
        var banned = Repository.Read("src/BannedSymbols.Clocks.txt");
        Rule.Holds(BannedSymbols.Where(symbol => !banned.Contains(symbol, StringComparison.Ordinal)), "Add these symbols to src/BannedSymbols.Clocks.txt:");
    }

    private static IEnumerable<SourceFile> Files() => Repository.Source.Files.Where(file => Projects.Contains(file.Project));

    private static bool IsTime(string argument) => argument.EndsWith("time", StringComparison.OrdinalIgnoreCase) || argument.EndsWith("TimeProvider", StringComparison.Ordinal);

    private static string Place(SourceFile file, ExpressionSyntax expression) =>
        $"{file}:{expression.SyntaxTree.GetLineSpan(expression.Span).StartLinePosition.Line + 1}: {expression}";
}
