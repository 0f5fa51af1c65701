using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using StreamRelay.Architecture.Sources;

namespace StreamRelay.Architecture.Rules;

/// <summary>Which project may refer to which: arrows point down only, and siblings never refer to each other.</summary>
public sealed class ProjectArrowTests
{
    private const string Prefix = "StreamRelay.";

    /// <summary>For each project below <c>src</c>, the projects that it may refer to.</summary>
    private static readonly Dictionary<string, string[]> Allowed = new()
    {
        ["Core"] = [],
        ["Client"] = [],
        ["Protocols"] = ["Core"],
        ["Agents"] = ["Core"],
        ["Storage"] = ["Core"],
        ["Redis"] = ["Core"],
        ["Postgres"] = ["Core"],
        ["AspNetCore"] = ["Core", "Protocols", "Agents", "Storage"],
        ["AgentFramework"] = ["Core", "Protocols", "Agents", "Storage", "AspNetCore"],
        ["Testing"] = ["Core", "Client", "Protocols", "Agents", "Storage", "AspNetCore"],
        ["Cluster"] = ["Core", "Protocols", "Agents", "Storage", "Redis", "Postgres", "AspNetCore"],
        ["Server"] = ["Core", "Protocols", "Agents", "Storage", "AspNetCore", "Cluster"],
    };

    /// <summary>Packages that belong to one project, and that project.</summary>
    private static readonly Dictionary<string, string> Homes = new()
    {
        ["StackExchange.Redis"] = "Redis",
        ["Microsoft.Agents.AI"] = "AgentFramework",
        ["Npgsql"] = "Postgres",
        ["Microsoft.Data.Sqlite"] = "Storage",
        ["Serilog.AspNetCore"] = "Server",
        ["Swashbuckle.AspNetCore"] = "Server",
    };

    [Fact]
    public void Every_project_file_refers_only_to_projects_below_it()
    {
        var violations = Repository.Source.Projects
            .SelectMany(project => project.ProjectReferences.Where(reference => !IsAllowed(project.Name, reference)).Select(reference => $"{project.Name} → {reference}"));
        Rule.Holds(violations, "Remove the reference, or move the code to the project that may have it. If the plan of the projects changed, change the table in ProjectArrowTests:");
    }

    [Fact]
    public void Every_assembly_refers_only_to_assemblies_below_it()
    {
        var violations = Repository.Source.Projects
            .SelectMany(project => References(project.Name).Where(reference => reference.StartsWith(Prefix, StringComparison.Ordinal) && !IsAllowed(project.Name, reference))
                .Select(reference => $"{project.Name} → {reference}"));
        Rule.Holds(violations, "Move the code that uses these assemblies to a project that may refer to them:");
    }

    [Fact]
    public void Protocols_use_no_type_of_ASP_NET_Core()
    {
        var violations = References("StreamRelay.Protocols").Where(reference => reference.StartsWith("Microsoft.AspNetCore", StringComparison.Ordinal));
        Rule.Holds(violations, "Protocols turn requests into task requests and entries into bytes. Move the code that knows HTTP to StreamRelay.AspNetCore:");
    }

    [Fact]
    public void Core_uses_no_HTTP_and_no_store()
    {
        var violations = References("StreamRelay.Core")
            .Where(reference => reference.StartsWith("Microsoft.AspNetCore.Http", StringComparison.Ordinal) || Homes.ContainsKey(reference));
        Rule.Holds(violations, "Core depends on no transport and on no store. Put an interface into Core and the implementation into the project of that dependency:");
    }

    [Fact]
    public void A_client_brings_no_server_into_an_application()
    {
        string[] packages = ["Microsoft.Extensions.AI.Abstractions"];
        var client = Repository.Source.Projects.Single(project => project.Name == "StreamRelay.Client");
        Rule.Holds(client.PackageReferences.Except(packages), "An application that only reads tasks gets these packages too. Do without them:");
        Rule.Holds(References(client.Name).Where(reference => reference.StartsWith("Microsoft.AspNetCore", StringComparison.Ordinal)), "A client runs where ASP.NET Core is not installed. Do without these assemblies:");
    }

    [Fact]
    public void A_dependency_has_one_project()
    {
        var violations = Repository.Source.Projects.SelectMany(project => project.PackageReferences
            .Where(package => Homes.TryGetValue(package, out var home) && project.Name != Prefix + home)
            .Select(package => $"{project.Name} uses {package}, which belongs to {Prefix}{Homes[package]}"));
        Rule.Holds(violations, "Each of these packages is known to one project. Move the code that uses the package there:");
    }

    private static bool IsAllowed(string project, string reference) =>
        Allowed.TryGetValue(project[Prefix.Length..], out var allowed) && allowed.Contains(reference[Prefix.Length..]);

    private static List<string> References(string assembly)
    {
        using var file = new PEReader(File.OpenRead(Path.Combine(AppContext.BaseDirectory, assembly + ".dll")));
        var metadata = file.GetMetadataReader();
        return [.. metadata.AssemblyReferences.Select(handle => metadata.GetString(metadata.GetAssemblyReference(handle).Name)).Order(StringComparer.Ordinal)];
    }
}
