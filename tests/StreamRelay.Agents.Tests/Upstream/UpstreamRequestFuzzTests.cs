using System.Text;
using System.Text.Json;
using System.Text.Unicode;
using StreamRelay.Events;
using StreamRelay.Protocols.AgUi;
using StreamRelay.Protocols.AiSdk;
using StreamRelay.Protocols.AnthropicMessages;
using StreamRelay.Protocols.OpenAiChat;
using StreamRelay.Protocols.OpenAiResponses;
using StreamRelay.Protocols.Requests;
using StreamRelay.Tasks;
using StreamRelay.TestSupport.Fuzzing;

namespace StreamRelay.Agents.Upstream;

/// <summary>Every request that a protocol accepts can be written to a model's server, or is refused before the task starts.</summary>
[Collection(nameof(MeasuredAlone))]
public sealed class UpstreamRequestFuzzTests
{
    private const int Usually = 25_000;

    private static readonly JsonDocumentOptions UniqueNames = new() { AllowDuplicateProperties = false };

    private static readonly UpstreamOptions Options = new() { Model = "m" };

    [Fact]
    public void A_request_of_Chat_Completions_is_written_or_refused() => Check(SampleBodies.Chat, static json => OpenAiChatRequest.Read(json).ToDraft("echo").Input);

    [Fact]
    public void A_request_of_Responses_is_written_or_refused() => Check(SampleBodies.Responses, static json => ResponsesRequest.Read(json).ToInput());

    [Fact]
    public void A_request_of_Anthropic_Messages_is_written_or_refused() => Check(SampleBodies.Anthropic, static json => AnthropicRequest.Read(json).Input);

    [Fact]
    public void A_request_of_the_AI_SDK_is_written_or_refused() => Check(SampleBodies.AiSdk, static json => AiSdkRequest.Read(json).Input);

    [Fact]
    public void A_request_of_AG_UI_is_written_or_refused() => Check(SampleBodies.AgUi, static json => AgUiRequest.Read(json).Input);

    private static void Check(IReadOnlyList<string> samples, Func<JsonElement, TaskInput> read) => Fuzz.Json(Usually, samples, input =>
    {
        if (Read(input, read) is not { } accepted || UpstreamTurns.Check(JsonElement.Parse(accepted.Content.Span)) is not null)
            return;

        foreach (var api in Enum.GetValues<UpstreamApi>())
        {
            var body = api.Write(accepted, Options).Body.Span;
            Assert.Equal(JsonValueKind.Array, JsonElement.Parse(body).GetProperty(api == UpstreamApi.Responses ? "input" : "messages").ValueKind);
            if (HasUniqueNames(input))
                Assert.True(HasUniqueNames(body), $"{api} has a name twice in {Encoding.UTF8.GetString(body)}");
        }
    });

    private static bool HasUniqueNames(ReadOnlySpan<byte> json)
    {
        try
        {
            JsonElement.Parse(json, UniqueNames);
            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    /// <returns><see langword="null"/> when the server or the protocol refuses it.</returns>
    private static TaskInput? Read(byte[] input, Func<JsonElement, TaskInput> read)
    {
        try
        {
            return Utf8.IsValid(input) && InvalidUnicode.Find(input) is null && JsonElement.Parse(input, JsonDepth.Document) is { ValueKind: JsonValueKind.Object } json ? read(json) : null;
        }
        catch (Exception exception) when (exception is JsonException or RequestException)
        {
            return null;
        }
    }
}
