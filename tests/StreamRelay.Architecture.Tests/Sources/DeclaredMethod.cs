using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace StreamRelay.Architecture.Sources;

/// <summary>A body of code: of a method, a constructor, an operator or an accessor.</summary>
internal sealed record DeclaredMethod(string Name, int Lines, IReadOnlyList<SyntaxKind> Shape)
{
    /// <returns><see langword="null"/> when the node is no declaration with a body.</returns>
    public static DeclaredMethod? From(SyntaxNode node) => node switch
    {
        ConstructorDeclarationSyntax constructor => From(constructor.Identifier.ValueText, constructor.Body, constructor.ExpressionBody),
        MethodDeclarationSyntax method => From(method.Identifier.ValueText, method.Body, method.ExpressionBody),
        BaseMethodDeclarationSyntax other => From("operator", other.Body, other.ExpressionBody),
        AccessorDeclarationSyntax accessor => From(accessor.Keyword.ValueText, accessor.Body, accessor.ExpressionBody),
        PropertyDeclarationSyntax property => From(property.Identifier.ValueText, null, property.ExpressionBody),
        _ => null,
    };

    private static DeclaredMethod? From(string name, BlockSyntax? block, ArrowExpressionClauseSyntax? arrow)
    {
        SyntaxNode? body = block is null ? arrow?.Expression : block;
        if (body is null)
            return null;

        var span = body.SyntaxTree.GetLineSpan(body.Span);
        var lines = span.EndLinePosition.Line - span.StartLinePosition.Line + 1;
        return new(name, block is null ? lines : Math.Max(0, lines - 2), [.. body.DescendantTokens().Select(token => token.Kind())]);
    }
}
