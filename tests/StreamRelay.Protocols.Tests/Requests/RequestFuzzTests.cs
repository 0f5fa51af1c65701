using System.Text.Json;
using System.Text.Unicode;
using StreamRelay.Events;
using StreamRelay.Protocols.AgUi;
using StreamRelay.Protocols.AiSdk;
using StreamRelay.Protocols.AnthropicMessages;
using StreamRelay.Protocols.Native;
using StreamRelay.Protocols.OpenAiChat;
using StreamRelay.Protocols.OpenAiResponses;
using StreamRelay.TestSupport.Fuzzing;

namespace StreamRelay.Protocols.Requests;

/// <summary>Requests that start a task, changed at random: each is refused with a 400 that names a field, or gives an agent valid JSON.</summary>
[Collection(nameof(MeasuredAlone))]
public sealed class RequestFuzzTests
{
    private const int Usually = 40_000;

    [Fact]
    public void A_native_request_is_read_or_refused() => Check(SampleBodies.Native, json =>
    {
        var request = NativeRequest.Read(json);
        return request.ToDraft("echo", request.Input.Raw());
    });

    [Fact]
    public void A_request_of_Chat_Completions_is_read_or_refused() => Check(SampleBodies.Chat, static json => OpenAiChatRequest.Read(json).ToDraft("echo"));

    [Fact]
    public void A_request_of_Responses_is_read_or_refused() => Check(SampleBodies.Responses, static json =>
    {
        var request = ResponsesRequest.Read(json);
        return request.ToDraft("echo", request.ToInput(), earlierMessages: 0);
    });

    [Fact]
    public void A_request_of_Anthropic_Messages_is_read_or_refused() => Check(SampleBodies.Anthropic, static json => AnthropicRequest.Read(json).ToDraft("echo"));

    [Fact]
    public void A_request_of_the_AI_SDK_is_read_or_refused() => Check(SampleBodies.AiSdk, static json => AiSdkRequest.Read(json).ToDraft("echo"));

    [Fact]
    public void A_request_of_AG_UI_is_read_or_refused() => Check(SampleBodies.AgUi, static json => AgUiRequest.Read(json).ToDraft("echo"));

    private static void Check(IReadOnlyList<string> samples, Func<JsonElement, TaskRequestDraft> read) => Fuzz.Json(Usually, samples, input =>
    {
        if (Parse(input) is not { ValueKind: JsonValueKind.Object } json)
            return;

        try
        {
            CheckDraft(read(json));
        }
        catch (RequestException refusal)
        {
            Assert.Equal(400, refusal.Status);
            Assert.NotEmpty(refusal.Message);
        }
    });

    /// <summary>What the server parses before a reader sees it.</summary>
    private static JsonElement? Parse(byte[] input)
    {
        try
        {
            return Utf8.IsValid(input) && InvalidUnicode.Find(input) is null ? JsonElement.Parse(input, JsonDepth.Document) : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static void CheckDraft(TaskRequestDraft draft)
    {
        JsonElement.Parse(draft.Input.Content.Span);
        foreach (var json in (ReadOnlyMemory<byte>[])[draft.Input.Options, draft.Metadata, draft.Protocol])
        {
            if (!json.IsEmpty)
                Assert.Equal(JsonValueKind.Object, JsonElement.Parse(json.Span).ValueKind);
        }
    }
}
