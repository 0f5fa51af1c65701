using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace StreamRelay.Architecture.Sources;

/// <summary>One C# file and what its syntax shows.</summary>
internal sealed class SourceFile
{
    private SourceFile(string project, string folder, string path, string text)
    {
        Project = project;
        Folder = folder;
        Path = path;
        Name = System.IO.Path.GetFileNameWithoutExtension(path);
        Lines = text.Count(character => character == '\n') + (text.EndsWith('\n') ? 0 : 1);
        Root = (CompilationUnitSyntax)CSharpSyntaxTree.ParseText(text).GetRoot();
        Namespace = Root.DescendantNodes().OfType<BaseNamespaceDeclarationSyntax>().FirstOrDefault()?.Name.ToString();
        Usings = [.. Root.DescendantNodes().OfType<UsingDirectiveSyntax>().Where(one => one.Alias is null).Select(one => one.Name?.ToString() ?? "")];
        Types = [.. Root.DescendantNodes().OfType<MemberDeclarationSyntax>().Where(IsTopLevelType).Select(type => new DeclaredType(type))];
        Methods = [.. Root.DescendantNodes().Select(DeclaredMethod.From).OfType<DeclaredMethod>()];
        UsedNames = Root.DescendantNodes().OfType<SimpleNameSyntax>().Where(MayNameType).Select(name => name.Identifier.ValueText).ToHashSet();
    }

    public string Project { get; }

    /// <summary>The folder below the project's, with <c>/</c> between its parts; empty for the project's own folder.</summary>
    public string Folder { get; }

    /// <summary>The path below the checkout.</summary>
    public string Path { get; }

    /// <summary>The file's name without its extension.</summary>
    public string Name { get; }

    public int Lines { get; }

    public CompilationUnitSyntax Root { get; }

    public string? Namespace { get; }

    public IReadOnlyList<string> Usings { get; }

    /// <summary>The types that are not nested in another one.</summary>
    public IReadOnlyList<DeclaredType> Types { get; }

    /// <summary>Methods, constructors, operators and accessors that have a body.</summary>
    public IReadOnlyList<DeclaredMethod> Methods { get; }

    /// <summary>The identifiers that stand where a type's name can stand.</summary>
    public IReadOnlySet<string> UsedNames { get; }

    public static SourceFile Load(string checkout, string project, string projectFolder, string file)
    {
        var folder = System.IO.Path.GetRelativePath(projectFolder, System.IO.Path.GetDirectoryName(file)!);
        return new(project, folder == "." ? "" : folder, System.IO.Path.GetRelativePath(checkout, file), File.ReadAllText(file));
    }

    public override string ToString() => Path;

    private static bool IsTopLevelType(MemberDeclarationSyntax member) =>
        member is BaseTypeDeclarationSyntax or DelegateDeclarationSyntax && member.Parent is BaseNamespaceDeclarationSyntax or CompilationUnitSyntax;

    /// <summary>Names after a dot, of named arguments and on the left in an object initializer are members.</summary>
    private static bool MayNameType(SimpleNameSyntax name) => name.Parent switch
    {
        MemberAccessExpressionSyntax access => access.Name != name,
        MemberBindingExpressionSyntax or NameColonSyntax or NameEqualsSyntax => false,
        AssignmentExpressionSyntax assignment => assignment.Left != name || assignment.Parent is not InitializerExpressionSyntax,
        InvocationExpressionSyntax => false,
        _ => true,
    };
}
