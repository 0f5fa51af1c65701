using Microsoft.CodeAnalysis.CSharp.Syntax;
using StreamRelay.Architecture.Sources;

namespace StreamRelay.Architecture.Rules;

/// <summary>Tests lie where the code they test lies, wait for signals, and are named by sentences.</summary>
public sealed class TestCodeTests
{
    /// <summary>Test projects that test no single project below <c>src</c>.</summary>
    private static readonly string[] Others = ["StreamRelay.Architecture.Tests", "StreamRelay.Browser.Tests", "StreamRelay.Docs.Tests", "StreamRelay.Load.Tests"];

    [Fact]
    public void Every_project_has_a_test_project_of_its_name()
    {
        var tests = Repository.Tests.Projects.Select(project => project.Name).ToHashSet();
        Rule.Holds(Repository.Source.Projects.Select(project => project.Name + ".Tests").Where(name => !tests.Contains(name)), "Add a project for the tests below tests/:");
        var tested = Repository.Source.Projects.Select(project => project.Name + ".Tests").Concat(Others).ToHashSet();
        Rule.Holds(tests.Where(name => name.EndsWith(".Tests", StringComparison.Ordinal) && !tested.Contains(name)), "Name the test project after the project that it tests:");
    }

    [Fact]
    public void A_test_project_has_the_namespaces_of_the_project_it_tests()
    {
        var roots = Repository.Source.Projects.ToDictionary(project => project.Name + ".Tests", project => project.RootNamespace);
        var violations = Repository.Tests.Projects.Where(project => roots.TryGetValue(project.Name, out var root) && root != project.RootNamespace)
            .Select(project => $"{project.Name}: {project.RootNamespace}, not {roots[project.Name]}");
        Rule.Holds(violations, "Set RootNamespace to that of the tested project:");
    }

    [Fact]
    public void Tests_of_a_library_lie_in_the_folders_of_the_library()
    {
        string[] libraries = ["StreamRelay.Core", "StreamRelay.Protocols", "StreamRelay.Agents", "StreamRelay.AspNetCore", "StreamRelay.Client"];
        var violations = Repository.Source.Projects.Where(project => libraries.Contains(project.Name)).SelectMany(project =>
        {
            var folders = project.Files.Select(file => file.Folder).ToHashSet();
            return Repository.Tests.Projects.Where(tests => tests.Name == project.Name + ".Tests").SelectMany(tests => tests.Files)
                .Where(file => file.Name.EndsWith("Tests", StringComparison.Ordinal) && !folders.Contains(file.Folder)).Select(file => file.Path);
        });
        Rule.Holds(violations, "Move the file to the folder that has the name of the tested code's folder:");
    }

    [Fact]
    public void Tests_do_not_sleep()
    {
        var violations = Repository.Tests.Files.SelectMany(file => file.Root.DescendantNodes().OfType<InvocationExpressionSyntax>()
            .Where(call => IsSleep(call.Expression.ToString(), call.ArgumentList.Arguments.FirstOrDefault()?.ToString() ?? ""))
            .Select(call => $"{file}:{call.SyntaxTree.GetLineSpan(call.Span).StartLinePosition.Line + 1}: {call}"));
        Rule.Holds(violations, "Wait for a signal of the code, or advance a TimeProvider of the test:");
    }

    [Fact]
    public void A_test_is_named_by_a_sentence()
    {
        var violations = Repository.Tests.Files.SelectMany(file => file.Root.DescendantNodes().OfType<MethodDeclarationSyntax>()
            .Where(method => method.AttributeLists.SelectMany(list => list.Attributes).Any(attribute => attribute.Name.ToString() is "Fact" or "Theory"))
            .Select(method => method.Identifier.ValueText).Where(name => name.Count(character => character == '_') < 2).Select(name => $"{file}: {name}"));
        Rule.Holds(violations, "Name the test by what holds, in words with underscores between them:");
    }

    private static bool IsSleep(string call, string argument) => call switch
    {
        "Thread.Sleep" => true,
        "Task.Delay" => char.IsAsciiDigit(argument.FirstOrDefault()),
        _ => false,
    };
}
