using System.Text.Json;
using StreamRelay.Agents.Upstream.Requests;

namespace StreamRelay.Agents.Upstream.Responses;

/// <summary>Writes the options of a request. Those that only Chat Completions has are left out and named; the others are copied, but for those of another shape.</summary>
internal sealed class ResponsesOptionWriter(Utf8JsonWriter json, RequestOptions options)
{
    private const string Include = "include";
    private const string Logprobs = "message.output_text.logprobs";
    private const string EncryptedReasoning = "reasoning.encrypted_content";

    private static readonly string[] Unsupported =
    [
        "audio", "frequency_penalty", "function_call", "functions", "logit_bias", "modalities", "prediction", "presence_penalty", "seed", "stop", "web_search_options",
    ];

    // Each request holds the whole conversation, and its answer is read at once; what the server keeps may belong to another client.
    private static readonly string[] OfServer = ["background", "conversation", "input", "previous_response_id"];

    /// <summary>Writes them.</summary>
    /// <param name="hasReasoning">Whether the conversation has encrypted reasoning.</param>
    public void Write(bool hasReasoning)
    {
        json.WriteOptional("max_output_tokens", options.TakeFirst("max_completion_tokens", "max_tokens", "max_output_tokens"));
        var effort = options.Take("reasoning_effort");
        WriteObject("reasoning", ("effort", effort));
        WriteText();
        new ResponsesToolWriter(json, options).Write();

        // Servers refuse to encrypt the reasoning of a model that has none.
        var asksForReasoning = effort is { ValueKind: JsonValueKind.String } given && !given.ValueEquals("none");
        WriteInclude(hasReasoning || asksForReasoning);
        if (options.Take("store") is { } store)
            json.WriteOptional("store", store);
        else
            json.WriteBoolean("store", false);

        options.Drop(Unsupported);
        options.Drop(OfServer);
        json.WriteFields(options.Rest);
    }

    private void WriteText()
    {
        var format = options.Take("response_format");
        WriteObject("text", ("verbosity", options.Take("verbosity")), ("format", format is { } given ? FlatObject.Create(given, "json_schema") : null));
    }

    private void WriteInclude(bool encryptedReasoning)
    {
        List<string> included = [.. (options.Take(Include) is { ValueKind: JsonValueKind.Array } own ? own.EnumerateArray() : default)
            .Where(static item => item.ValueKind == JsonValueKind.String).Select(static item => item.GetString()!)];
        if (options.Take("logprobs") is { ValueKind: JsonValueKind.True } && !included.Contains(Logprobs))
            included.Add(Logprobs);
        if (encryptedReasoning && !included.Contains(EncryptedReasoning))
            included.Add(EncryptedReasoning);
        if (included.Count == 0)
            return;

        json.WriteStartArray(Include);
        included.ForEach(json.WriteStringValue);
        json.WriteEndArray();
    }

    /// <summary>Writes an object with these members, and those of an option of its name.</summary>
    private void WriteObject(string name, params (string Name, JsonElement? Value)[] members)
    {
        var own = options.Take(name);
        if (own is null && members.All(static member => member.Value is null))
            return;

        json.WriteStartObject(name);
        json.WriteFields(own?.Fields([.. members.Where(static member => member.Value is not null).Select(static member => member.Name)]) ?? []);
        foreach (var (member, value) in members)
            json.WriteOptional(member, value);

        json.WriteEndObject();
    }
}
