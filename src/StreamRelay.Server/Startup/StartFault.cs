using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Options;

namespace StreamRelay.Server.Startup;

/// <summary>What is wrong with a start that failed because of its configuration, in one line with the way out.</summary>
internal static class StartFault
{
    /// <summary>Whether the exception is a mistake in the configuration: its message names the setting and the correction, so a stack trace would only hide it.</summary>
    public static bool IsMistake(Exception exception) => exception is OptionsValidationException or InvalidOperationException or IOException;

    /// <summary>The line.</summary>
    public static string Describe(Exception exception) => exception switch
    {
        OptionsValidationException { Failures: var failures } => string.Join(' ', failures),
        IOException { InnerException: AddressInUseException } =>
            $"{exception.Message.TrimEnd('.')}. Stop the program that listens there, or choose another address, such as --urls=http://127.0.0.1:7861",
        { InnerException: FormatException { InnerException: null } reason } => $"{exception.Message} {reason.Message}",
        _ => exception.Message,
    };
}
