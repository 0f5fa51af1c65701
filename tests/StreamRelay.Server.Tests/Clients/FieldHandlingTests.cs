using System.Text.RegularExpressions;
using StreamRelay.Protocols.AgUi;
using StreamRelay.Protocols.AiSdk;
using StreamRelay.Protocols.AnthropicMessages;
using StreamRelay.Protocols.OpenAiChat;
using StreamRelay.Protocols.OpenAiResponses;
using StreamRelay.Protocols.Requests;

namespace StreamRelay.Server.Clients;

/// <summary>Every field that a client can send is declared. A field that is new in a version of a client fails here until it is decided what happens to it.</summary>
public sealed class FieldHandlingTests
{
    [Fact]
    public void Every_field_of_a_chat_request_is_declared() => AssertDeclared(
        TypeFile.Read("openai/resources/chat/completions/completions.d.ts").Fields("ChatCompletionCreateParamsBase"), OpenAiChatFields.Body);

    [Fact]
    public void Every_field_of_a_request_for_a_response_is_declared() => AssertDeclared(
        TypeFile.Read("openai/resources/responses/responses.d.ts").Fields("ResponseCreateParamsBase"), ResponsesFields.Body);

    [Theory]
    [InlineData("messages", "")]
    [InlineData("beta/messages", "Beta")]
    public void Every_field_and_every_block_of_a_request_for_a_message_is_declared(string folder, string prefix)
    {
        var types = TypeFile.Read($"@anthropic-ai/sdk/resources/{folder}/messages.d.ts");
        AssertDeclared(types.Fields("MessageCreateParamsBase"), AnthropicFields.Body);
        AssertDeclared(types.Fields("MessageCountTokensParams"), AnthropicFields.Body);
        AssertDeclared(types.Fields($"{prefix}Tool"), AnthropicFields.Tool);

        var blocks = types.Union($"{prefix}ContentBlockParam");
        AssertDeclared([.. blocks.Select(block => types.Literal(block, "type"))], AnthropicFields.Blocks);
        foreach (var block in blocks)
        {
            if (AnthropicBlockFields.All.TryGetValue(types.Literal(block, "type"), out var fields))
                AssertDeclared(types.Fields(block), fields);
        }
    }

    [Fact]
    public void Every_field_of_an_AG_UI_run_and_every_role_is_declared()
    {
        var types = TypeFile.Find("@ag-ui/core/dist", "RunAgentInput");
        AssertDeclared(types.Fields("RunAgentInput"), AgUiFields.Body);
        AssertDeclared(types.Union("Role"), AgUiFields.Roles);
    }

    [Theory]
    [InlineData("ai5")]
    [InlineData("ai6")]
    [InlineData("ai7")]
    public void Every_field_of_an_AI_SDK_chat_and_every_part_of_its_messages_is_declared(string package)
    {
        var code = File.ReadAllText(Path.Combine(JavaScriptClients.Folder, "node_modules", package, "dist", "index.js"));
        var body = Regex.Match(code, @"\.\.\.resolvedBody,\s*\.\.\.options\.body,\s*(?<fields>\w+: [^}]*)\}").Groups["fields"].Value;
        AssertDeclared([.. Regex.Matches(body, @"(?<name>\w+): options\.").Select(field => field.Groups["name"].Value)], AiSdkFields.Body);

        var types = TypeFile.Read($"{package}/dist/index.d.ts");
        AssertDeclared([.. types.Union("UIMessagePart").Select(part => PartType(types, part))], AiSdkFields.Parts);
    }

    [Fact]
    public void Every_part_of_a_chat_message_is_declared()
    {
        var types = TypeFile.Read("openai/resources/chat/completions/completions.d.ts");
        AssertDeclared([.. types.Union("ChatCompletionContentPart").Where(part => part.StartsWith("ChatCompletion", StringComparison.Ordinal))
            .Select(part => part == "ChatCompletionContentPart.File" ? "file" : types.Literal(part, "type"))], OpenAiChatFields.Parts);
    }

    [Theory]
    [InlineData("ResponseInputText")]
    [InlineData("ResponseInputImage")]
    [InlineData("ResponseInputFile")]
    [InlineData("ResponseInputAudio")]
    [InlineData("ResponseInputTextContent")]
    [InlineData("ResponseInputImageContent")]
    [InlineData("ResponseInputFileContent")]
    [InlineData("ResponseOutputText")]
    [InlineData("ResponseOutputRefusal")]
    public void Every_field_of_a_part_of_an_item_is_declared(string part)
    {
        var types = TypeFile.Read("openai/resources/responses/responses.d.ts");
        AssertDeclared(types.Fields(part), ResponsesFields.Parts[types.Literal(part, "type")]);
    }

    [Fact]
    public void Every_part_of_an_item_is_declared()
    {
        var types = TypeFile.Read("openai/resources/responses/responses.d.ts");
        foreach (var union in (string[])["ResponseInputContent", "ResponseFunctionCallOutputItem"])
            Assert.Equal([], types.Union(union).Select(part => types.Literal(part, "type")).Where(type => !ResponsesFields.Parts.ContainsKey(type)));
    }

    [Fact]
    public void Every_field_of_a_part_of_an_AG_UI_message_is_declared()
    {
        var types = TypeFile.Find("@ag-ui/core/dist", "ImagePart");
        foreach (var part in types.Union("ContentPart"))
            AssertDeclared(types.Fields(part), AgUiFields.Parts);
        foreach (var source in types.Union("PartSource"))
            AssertDeclared(types.Fields(source), AgUiFields.Sources);
    }

    [Theory]
    [InlineData("ai5")]
    [InlineData("ai6")]
    [InlineData("ai7")]
    public void Every_field_of_a_translated_part_of_an_AI_SDK_message_is_declared(string package)
    {
        var types = TypeFile.Read($"{package}/dist/index.d.ts");
        foreach (var part in (string[])["TextUIPart", "ReasoningUIPart", "FileUIPart", "StepStartUIPart", "DynamicToolUIPart", "UIToolInvocation"])
            AssertDeclared(types.Fields(part), AiSdkFields.PartFields);
    }

    [Fact]
    public void A_field_that_is_not_declared_is_noticed() =>
        Assert.ThrowsAny<Exception>(() => AssertDeclared(new TypeFile("interface X {\n a: string;\n b?: { c: number };\n}").Fields("X"), new Dictionary<string, FieldHandling> { ["a"] = default }));

    private static string PartType(TypeFile types, string part) => part switch
    {
        "ToolUIPart" => "tool-",
        "DataUIPart" => "data-",
        _ => types.Literal(part, "type"),
    };

    private static void AssertDeclared(IReadOnlyList<string> fields, IReadOnlyDictionary<string, FieldHandling> handling)
    {
        Assert.NotEmpty(fields);
        Assert.Equal([], fields.Where(field => !handling.ContainsKey(field)));
    }
}
