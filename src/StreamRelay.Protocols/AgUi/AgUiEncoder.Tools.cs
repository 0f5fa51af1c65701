using StreamRelay.Events;
using StreamRelay.Protocols.Folds;
using StreamRelay.Protocols.Json;

namespace StreamRelay.Protocols.AgUi;

/// <content>Steps, tool calls and their results.</content>
internal sealed partial class AgUiEncoder
{
    private protected override void OnStepStart(ReadOnlyMemory<byte> title)
    {
        if (FindStep(title.Span) >= 0)
            return;

        _steps.Add(title.ToArray());
        WriteStep("STEP_STARTED"u8, title.Span);
    }

    private protected override void OnStepEnd(ReadOnlyMemory<byte> title)
    {
        if (FindStep(title.Span) is not (var index and >= 0))
            return;

        WriteStep("STEP_FINISHED"u8, title.Span);
        _steps.RemoveAt(index);
    }

    private protected override void OnToolCall(in ToolCallUpdate update)
    {
        if (update.IsNew)
        {
            CloseText();
            var start = BeginCall("TOOL_CALL_START"u8, update.Call.Id);
            start.Text("toolCallName"u8, update.Call.Name);
            WriteExtra(ref start, update.Extra);
            End(start);
        }

        if (!update.Arguments.IsEmpty)
        {
            var json = BeginCall("TOOL_CALL_ARGS"u8, update.Call.Id);
            json.Text("delta"u8, update.Arguments.Span);
            End(json);
        }

        if (update.Completes)
        {
            var end = BeginCall("TOOL_CALL_END"u8, update.Call.Id);
            if (!update.IsNew)
                WriteExtra(ref end, update.Call.Extra);

            End(end);
        }
    }

    private protected override void OnObservation(StreamEvent observation)
    {
        var metadata = ObservationMetadata.Read(observation);
        CloseText();
        if (FindCall(metadata.ToolCallId)?.TryComplete() == true)
            End(BeginCall("TOOL_CALL_END"u8, metadata.ToolCallId));

        BeginNextMessage();
        var json = BeginCall("TOOL_CALL_RESULT"u8, metadata.ToolCallId);
        json.Token("messageId"u8, _messageId);
        json.Token("role"u8, "tool"u8);
        json.Text("content"u8, observation.Content.IsEmpty && !metadata.Output.IsEmpty ? JsonLine.Encode(metadata.Output) : observation.Content.Span);
        End(json);
    }

    private void CloseCalls()
    {
        foreach (var call in Calls.Where(call => call.TryComplete()))
            End(BeginCall("TOOL_CALL_END"u8, call.Id));
    }

    private void CloseSteps()
    {
        while (_steps.Count > 0)
            OnStepEnd(_steps[^1]);
    }

    private int FindStep(ReadOnlySpan<byte> title)
    {
        for (var index = 0; index < _steps.Count; index++)
        {
            if (title.SequenceEqual(_steps[index]))
                return index;
        }

        return -1;
    }

    private void WriteStep(ReadOnlySpan<byte> type, ReadOnlySpan<byte> title)
    {
        var json = Begin(type);
        json.Text("stepName"u8, title);
        End(json);
    }

    private FrameJson BeginCall(ReadOnlySpan<byte> type, string id)
    {
        var json = Begin(type);
        json.Text("toolCallId"u8, id);
        return json;
    }
}
