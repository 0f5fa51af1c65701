using System.Text.Json;
using StreamRelay.Agents.Upstream.Answers;
using StreamRelay.Agents.Upstream.Requests;

namespace StreamRelay.Agents.Upstream.Messages;

/// <summary>Writes the options of a request. Those that only Chat Completions has are left out and named; those that it does not have either are copied.</summary>
internal sealed class MessagesOptionWriter(Utf8JsonWriter json, RequestOptions options)
{
    private static readonly string[] Unsupported =
    [
        "audio", "frequency_penalty", "function_call", "functions", "logit_bias", "logprobs", "modalities", "moderation", "prediction", "presence_penalty",
        "prompt_cache_key", "prompt_cache_options", "prompt_cache_retention", "seed", "store", "system", "top_logprobs", "verbosity", "web_search_options",
    ];

    /// <summary>Writes them.</summary>
    /// <param name="maxTokens">The limit of an answer where the options name none.</param>
    public void Write(int maxTokens)
    {
        WriteMaxTokens(maxTokens);
        WriteStop();
        new MessagesToolWriter(json, options).Write();
        WriteUser();
        WriteServiceTier();
        WriteOutput();
        options.Drop(Unsupported);
        json.WriteFields(options.Rest);
    }

    private void WriteMaxTokens(int maxTokens)
    {
        if (options.TakeFirst("max_completion_tokens", "max_tokens") is { } given)
            json.WriteOptional("max_tokens", given);
        else
            json.WriteNumber("max_tokens", maxTokens);
    }

    private void WriteStop()
    {
        var stop = options.TakeFirst("stop", "stop_sequences");
        if (stop is not { ValueKind: JsonValueKind.String } text)
        {
            json.WriteOptional("stop_sequences", stop);
            return;
        }

        json.WriteStartArray("stop_sequences");
        json.WriteRaw(text);
        json.WriteEndArray();
    }

    /// <summary>Writes who asks. The rest of the metadata is kept with the task, and not for the model.</summary>
    private void WriteUser()
    {
        var (metadata, user, identifier) = (options.Take("metadata"), options.TakeText("user"), options.TakeText("safety_identifier"));
        if (((metadata is { } given ? RequestJson.Text(given, "user_id") : null) ?? user ?? identifier) is not { } id)
            return;

        json.WriteStartObject("metadata");
        json.WriteString("user_id", id);
        json.WriteEndObject();
    }

    private void WriteServiceTier()
    {
        if (options.Take("service_tier") is not { } tier)
            return;
        if (tier.ValueKind == JsonValueKind.String && tier.GetString() is "auto" or "standard_only")
            json.WriteOptional("service_tier", tier);
        else if (tier.ValueKind == JsonValueKind.String && tier.ValueEquals("default"))
            json.WriteString("service_tier", "standard_only");
        else
            options.Dropped.Add("service_tier");
    }

    /// <summary>Writes the schema of the answer, and how much effort the model makes.</summary>
    private void WriteOutput()
    {
        var (own, schema, effort) = (options.Take("output_config"), TakeSchema(), TakeEffort());
        if (own is null && schema is null && effort is null)
            return;

        json.WriteStartObject("output_config");
        json.WriteFields(own?.Fields(schema is null ? "" : "format", effort is null ? "" : "effort") ?? []);
        json.WriteOptional("effort", effort);
        if (schema is not null)
        {
            json.WriteStartObject("format");
            json.WriteString("type", "json_schema");
            json.WriteOptional("schema", schema);
            json.WriteEndObject();
        }

        json.WriteEndObject();
    }

    private JsonElement? TakeSchema()
    {
        if (options.Take("response_format") is not { } format || RequestJson.Text(format, "type") == "text")
            return null;

        var schema = format.Find("json_schema", JsonValueKind.Object)?.Find("schema");
        if (schema is null)
            options.Dropped.Add("response_format");

        return schema;
    }

    private string? TakeEffort()
    {
        if (options.Take("reasoning_effort") is not { } effort)
            return null;
        if (effort.ValueKind == JsonValueKind.String && effort.GetString() is "low" or "medium" or "high" or "xhigh" or "max")
            return effort.GetString();
        if (effort.ValueKind == JsonValueKind.String && effort.ValueEquals("none") && !options.Rest.ContainsKey("thinking"))
            WriteNoThinking();
        else
            options.Dropped.Add("reasoning_effort");

        return null;
    }

    private void WriteNoThinking()
    {
        json.WriteStartObject("thinking");
        json.WriteString("type", "disabled");
        json.WriteEndObject();
    }
}
