using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace StreamRelay.Architecture.Sources;

/// <summary>A type that a file declares outside every other type.</summary>
internal sealed class DeclaredType(MemberDeclarationSyntax syntax)
{
    public string Name => syntax switch
    {
        BaseTypeDeclarationSyntax type => type.Identifier.ValueText,
        DelegateDeclarationSyntax type => type.Identifier.ValueText,
        _ => "",
    };

    public int TypeParameters => (syntax as TypeDeclarationSyntax)?.TypeParameterList?.Parameters.Count ?? 0;

    public bool IsPartial => syntax.Modifiers.Any(modifier => modifier.ValueText == "partial");

    /// <summary>The parameters of the longest constructor. The parameters of a record are its data and do not count.</summary>
    public int ConstructorParameters => Math.Max(Primary, Declared);

    private int Primary => syntax is ClassDeclarationSyntax or StructDeclarationSyntax ? ((TypeDeclarationSyntax)syntax).ParameterList?.Parameters.Count ?? 0 : 0;

    private int Declared => syntax is TypeDeclarationSyntax type
        ? type.Members.OfType<ConstructorDeclarationSyntax>().Select(constructor => constructor.ParameterList.Parameters.Count).DefaultIfEmpty().Max()
        : 0;
}
