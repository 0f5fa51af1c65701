using System.Text.Encodings.Web;
using System.Text.Json;
using Microsoft.Extensions.AI;

namespace StreamRelay.Client.Chat;

/// <summary>How the JSON of requests is written: values of any type, in one line, with text as it is.</summary>
internal static class ChatJson
{
    /// <summary>The options.</summary>
    public static JsonSerializerOptions Options { get; } = new(AIJsonUtilities.DefaultOptions) { WriteIndented = false, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
}
