using StreamRelay.AspNetCore.Configuration;
using StreamRelay.Protocols.Requests;

namespace StreamRelay.Server.Startup;

/// <summary>Checks the arguments that set options. ASP.NET Core ignores those that nobody reads.</summary>
internal static class Arguments
{
    private const string Prefix = "--";
    private const string More = "--help shows them all.";
    private const int DefaultPort = 7860;

    private static readonly string[] Commands = ["doctor", "help", "keys"];

    // What ASP.NET Core and the libraries read.
    private static readonly string[] Roots =
    [
        RelayOptions.Section, "AllowedHosts", "ConnectionStrings", "Kestrel", "Logging", "Serilog", "urls", "http_ports", "https_ports",
        "environment", "contentRoot", "webroot", "applicationName", "shutdownTimeoutSeconds", "detailedErrors", "OPENAI_BASE_URL", "OPENAI_API_KEY",
    ];

    // Those that are often given without their section.
    private static readonly string[] Settings = ["DataPath", "DefaultAgent", "Model", "Agents", "Auth", "Streams", "Storage", "Limits"];

    /// <summary>The first fault, with the way out; <see langword="null"/> when there is none.</summary>
    public static string? FindFault(IReadOnlyList<string> arguments)
    {
        for (var index = 0; index < arguments.Count; index++)
        {
            var argument = arguments[index];
            if (!argument.StartsWith('-'))
                return $"There is no command '{argument}'{Meant(Closest(argument, Commands))} {More}";

            var parts = argument.Split('=', 2);
            var value = parts.Length > 1 ? parts[1] : arguments.ElementAtOrDefault(index + 1);
            if (!parts[0].StartsWith(Prefix, StringComparison.Ordinal) || !Roots.Contains(parts[0][Prefix.Length..].Split(':')[0], StringComparer.OrdinalIgnoreCase))
                return $"There is no option {parts[0]}{Meant(FindOption(parts[0].TrimStart('-'), value))} {More}";
            if (parts.Length > 1)
                continue;
            if (value is null || value.StartsWith(Prefix, StringComparison.Ordinal))
                return $"{argument} needs a value: {argument}=VALUE";

            index++;
        }

        return null;
    }

    /// <summary>The option that a name was probably meant to be.</summary>
    private static string? FindOption(string name, string? value)
    {
        if (name.ToUpperInvariant() is "PORT" or "P")
            return $"--urls=http://127.0.0.1:{(ushort.TryParse(value, out var port) ? port : DefaultPort)}";

        var section = name.Split(':')[0];
        return Closest(section, Settings) is { } setting ? $"{Prefix}{RelayOptions.Section}:{setting}{name[section.Length..]}"
            : Closest(section, [.. Roots, "help", "new-key"]) is { } root ? $"{Prefix}{root}{name[section.Length..]}"
            : null;
    }

    private static string? Closest(string name, string[] known) =>
        known.FirstOrDefault(other => other.Equals(name, StringComparison.OrdinalIgnoreCase)) ?? Spelling.FindClosest(name, known);

    private static string Meant(string? name) => name is null ? "." : $"; did you mean {name}?";
}
