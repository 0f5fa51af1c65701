using System.Text.RegularExpressions;

namespace StreamRelay.Server.Clients;

/// <summary>A file with the types of a JavaScript client, as it is published.</summary>
/// <param name="text">The text of the file.</param>
internal sealed partial class TypeFile(string text)
{
    /// <summary>Reads a file of an installed package.</summary>
    public static TypeFile Read(string path) => new(File.ReadAllText(Path.Combine(JavaScriptClients.Folder, "node_modules", path)));

    /// <summary>Reads the one file of a folder that declares a type.</summary>
    public static TypeFile Find(string folder, string type) => new(
        Directory.EnumerateFiles(Path.Combine(JavaScriptClients.Folder, "node_modules", folder), "*.d.ts").Select(File.ReadAllText).Single(text => text.Contains($"\ntype {type} = {{")));

    /// <summary>The names of the fields of a type.</summary>
    public IReadOnlyList<string> Fields(string type) => [.. Members(type).Select(member => member.Groups["name"].Value)];

    /// <summary>The names of the types in a union.</summary>
    public IReadOnlyList<string> Union(string type)
    {
        var declaration = Regex.Match(text, $@"\btype {type}(<[^=]*>)? = (?<types>[^;]+);");
        Assert.True(declaration.Success, $"There is no type {type}.");
        return [.. declaration.Groups["types"].Value.Split('|').Select(name => name.Trim().Trim('\'', '"').Split('<')[0])];
    }

    /// <summary>The text that a field of a type always has.</summary>
    public string Literal(string type, string field) => Members(type).Single(member => member.Groups["name"].Value == field).Groups["type"].Value.Trim('\'', '"', '`');

    /// <summary>The fields between the braces of the type, without those of objects in it.</summary>
    private IEnumerable<Match> Members(string type)
    {
        var start = Regex.Match(text, $@"\b(interface|type) {type}(<[^{{]*>)?( =)?[^{{;]*\{{");
        Assert.True(start.Success, $"There is no type {type}.");
        var (depth, fields) = (1, new System.Text.StringBuilder());
        for (var index = start.Index + start.Length; depth > 0; index++)
        {
            depth += text[index] switch { '{' => 1, '}' => -1, _ => 0 };
            if (depth == 1)
                fields.Append(text[index]);
        }

        return Field().Matches(Comment().Replace(fields.ToString(), ""));
    }

    [GeneratedRegex(@"^\s*(?<name>\w+)\??:\s*(?<type>[^;]*)", RegexOptions.Multiline)]
    private static partial Regex Field();

    [GeneratedRegex(@"/\*.*?\*/", RegexOptions.Singleline)]
    private static partial Regex Comment();
}
