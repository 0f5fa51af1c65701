using StreamRelay.Events;

namespace StreamRelay.Protocols.Folds;

/// <summary>What one event adds to a tool call.</summary>
/// <param name="Call">The call, with the event applied.</param>
/// <param name="IsNew">Whether it is the first event of the call.</param>
/// <param name="Arguments">The piece of the arguments that it adds; may be empty.</param>
/// <param name="Completes">Whether it completes the arguments.</param>
/// <param name="Kind">The kind of the event.</param>
/// <param name="Extra">The fields of the model's server that it adds: a JSON object, or empty.</param>
internal readonly record struct ToolCallUpdate(ToolCall Call, bool IsNew, ReadOnlyMemory<byte> Arguments, bool Completes, StreamEventKind Kind, ReadOnlyMemory<byte> Extra);
