using StreamRelay.Events;
using StreamRelay.Protocols.Folds;

namespace StreamRelay.Protocols.AiSdk;

/// <content>Tool calls and their results.</content>
internal sealed partial class AiSdkEncoder
{
    private protected override void OnToolCall(in ToolCallUpdate update)
    {
        var call = update.Call;
        if (update.IsNew)
        {
            CloseText();
            OpenStep();
            var start = Output.BeginToolChunk("tool-input-start"u8, call);
            start.Text("toolName"u8, call.Name);
            Output.EndToolChunk(start, call);
        }

        if (!update.Arguments.IsEmpty)
        {
            var delta = Output.BeginToolChunk("tool-input-delta"u8, call);
            delta.Text("inputTextDelta"u8, update.Arguments.Span);
            Output.EndChunk(delta);
        }

        if (update.Kind == StreamEventKind.Action)
            WriteInput(call);
    }

    private protected override void OnObservation(StreamEvent observation)
    {
        var metadata = ObservationMetadata.Read(observation);
        if (FindCall(metadata.ToolCallId) is { } call)
            WriteResult(call, observation, metadata);
        else
            WriteResultWithoutCall(observation);
    }

    private void WriteInput(ToolCall call)
    {
        var json = Output.BeginToolChunk("tool-input-available"u8, call);
        json.Text("toolName"u8, call.Name);
        call.WriteInput(ref json, "input"u8);
        AiSdkJson.WriteExtra(ref json, call.Extra);
        Output.EndToolChunk(json, call);
    }

    private void WriteResult(ToolCall call, StreamEvent observation, in ObservationMetadata metadata)
    {
        if (call.TryComplete())
            WriteInput(call);

        var json = Output.BeginToolChunk(metadata.IsError ? "tool-output-error"u8 : "tool-output-available"u8, call);
        if (metadata.IsError)
            json.Text("errorText"u8, observation.Content.Span);
        else if (metadata.Output.IsEmpty)
            json.Text("output"u8, observation.Content.Span);
        else
            json.Value("output"u8, metadata.Output.Span);

        Output.EndToolChunk(json, call);
    }

    /// <summary>Clients refuse a result of a call that they have not seen, so that one is shown as data.</summary>
    private void WriteResultWithoutCall(StreamEvent observation)
    {
        var json = Output.BeginChunk("data-observation"u8);
        json.Value("data"u8, observation.Metadata.Span);
        Output.EndChunk(json);
    }
}
