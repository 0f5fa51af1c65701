namespace StreamRelay.Server.Logging;

/// <summary>What the server says of itself when it starts.</summary>
internal static partial class StartupLog
{
    [LoggerMessage(1, LogLevel.Information, "Tasks and files are kept in {DataPath}")]
    public static partial void DataFolder(this ILogger logger, string dataPath);
}
