using System.Diagnostics;
using System.Text.RegularExpressions;
using StreamRelay.Docs.Pages;

namespace StreamRelay.Docs.Blocks;

/// <summary>All C# blocks, compiled together by one generated project: a block with top-level statements becomes a program, any other one a library, whose tests are run if it has any.</summary>
internal sealed partial class CSharpPrograms
{
    private const string Project = """
        <Project Sdk="Microsoft.NET.Sdk.Web">
          <PropertyGroup>
            <TargetFramework>net10.0</TargetFramework>
            <ImplicitUsings>enable</ImplicitUsings>
            <Nullable>enable</Nullable>
            <EnableDefaultItems>false</EnableDefaultItems>
          </PropertyGroup>
          <ItemGroup>
            <Block Include="*.block.cs" Kind="library" />
            <Block Update="*.program.block.cs" Kind="exe" />
            <Reference Include="$(Built)StreamRelay.*.dll;$(Built)OpenAI.dll;$(Built)System.ClientModel.dll;$(Built)Microsoft.Extensions.AI*.dll;$(Built)Microsoft.Agents.AI*.dll;$(Built)Microsoft.AspNetCore.Mvc.Testing.dll;$(Built)Microsoft.Extensions.TimeProvider.Testing.dll;$(Built)xunit.*.dll" Exclude="$(Built)*.Tests.dll" />
            <Reference Include="$(Built)Microsoft.AspNetCore.Authentication.JwtBearer.dll;$(Built)Microsoft.IdentityModel.*.dll" />
          </ItemGroup>
          <Target Name="Blocks" DependsOnTargets="ResolveReferences;FindReferenceAssembliesForReferences;GenerateGlobalUsings">
            <Csc Sources="@(Block);$(IntermediateOutputPath)$(MSBuildProjectName).GlobalUsings.g.cs" References="@(ReferencePathWithRefAssemblies)" TargetType="%(Block.Kind)"
                 OutputAssembly="$(Built)%(Block.Filename).dll" Nullable="enable" LangVersion="latest" TreatWarningsAsErrors="true" NoConfig="true" DisabledWarnings="1701;1702" ContinueOnError="ErrorAndContinue" />
          </Target>
        </Project>
        """;

    private readonly Lazy<Task<string>> _build = new(BuildAsync);

    private static string Built => AppContext.BaseDirectory;

    /// <summary>Runs the block's program against the session's server, or its tests; any other library has been compiled, and that is all.</summary>
    public async Task<BlockResult> RunAsync(PageSession session, DocBlock block)
    {
        var output = await _build.Value;
        var assembly = Path.Combine(Built, $"{AssemblyName(block)}.dll");
        if (!File.Exists(assembly))
            return new(1, $"It does not compile:\n{string.Join('\n', output.Split('\n').Where(line => line.Contains($"{block.FileName}.", StringComparison.Ordinal)).Distinct())}");
        var settings = Path.Combine(Built, "StreamRelay.Docs.Tests");
        if (HasTests(block))
            return await RunTestsAsync(session, assembly, settings);
        if (!IsProgram(block))
            return new(0, "");

        return await session.RunAsync("run-program", $"{settings}.runtimeconfig.json", $"{settings}.deps.json", assembly, IsServer(block) ? "server" : "client");
    }

    private static async Task<BlockResult> RunTestsAsync(PageSession session, string assembly, string settings)
    {
        foreach (var file in (string[])["runtimeconfig.json", "deps.json"])
            File.Copy($"{settings}.{file}", Path.ChangeExtension(assembly, file), overwrite: true);

        return await session.RunAsync("run-tests", assembly);
    }

    private static async Task<string> BuildAsync()
    {
        var folder = Directory.CreateTempSubdirectory("streamrelay-docs-blocks-").FullName;
        await File.WriteAllTextAsync(Path.Combine(folder, "Blocks.csproj"), Project);
        foreach (var block in Repository.PageNames.Select(Repository.Read).SelectMany(page => page.Blocks).Where(block => block.Language == "csharp"))
        {
            File.Delete(Path.Combine(Built, $"{AssemblyName(block)}.dll"));
            await File.WriteAllTextAsync(Path.Combine(folder, $"{AssemblyName(block)}.cs"), $"#line 1 \"{block.FileName}.cs\"\n{Localize(block)}");
        }

        var start = new ProcessStartInfo("dotnet", ["build", folder, "-t:Blocks", $"-p:Built={Built}", "--nologo", "-v:quiet", "-nodeReuse:false", "-p:UseSharedCompilation=false"])
        {
            RedirectStandardOutput = true,
            WorkingDirectory = folder,
        };
        using var build = Process.Start(start)!;
        var output = await build.StandardOutput.ReadToEndAsync();
        await build.WaitForExitAsync();
        Directory.Delete(folder, recursive: true);
        return output;
    }

    private static string Localize(DocBlock block) => PagePorts.Replacements(block.Page).Aggregate(block.Text, (text, pair) => text.Replace(pair.Key, pair.Value, StringComparison.Ordinal));

    private static string AssemblyName(DocBlock block) => $"{block.FileName}.{(IsProgram(block) ? "program." : "")}block";

    private static bool IsProgram(DocBlock block) =>
        !TypeDeclaration().IsMatch(block.Text.Split('\n').First(line => line.Length > 0 && !line.StartsWith("using ", StringComparison.Ordinal) && !line.StartsWith("//", StringComparison.Ordinal)));

    private static bool HasTests(DocBlock block) => block.Text.Contains("[Fact]", StringComparison.Ordinal);

    private static bool IsServer(DocBlock block) => block.Text.Contains("app.Run", StringComparison.Ordinal);

    [GeneratedRegex(@"^(\[|namespace |(public|internal|file|sealed|static|abstract|partial|class|record|interface|enum) )")]
    private static partial Regex TypeDeclaration();
}
