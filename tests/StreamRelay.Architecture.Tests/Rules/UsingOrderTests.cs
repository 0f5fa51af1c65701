using StreamRelay.Architecture.Sources;

namespace StreamRelay.Architecture.Rules;

/// <summary>The one part of the format that the compiler does not check.</summary>
public sealed class UsingOrderTests
{
    [Fact]
    public void Namespaces_of_System_come_first_and_each_group_is_in_alphabetical_order()
    {
        var violations = Repository.Source.Files.Concat(Repository.Tests.Files)
            .Where(file => !file.Usings.SequenceEqual(file.Usings.OrderBy(name => name.Split('.')[0] != "System").ThenBy(name => name, StringComparer.OrdinalIgnoreCase)))
            .Select(file => file.ToString());
        Rule.Holds(violations, "Run dotnet format, which orders the using directives:");
    }
}
