using StreamRelay.Events;

namespace StreamRelay.Protocols.AgUi;

/// <summary>The event types and roles that depend on the kind of a text message.</summary>
internal static class AgUiJson
{
    public static ReadOnlySpan<byte> MessageStart(StreamEventKind kind) => kind == StreamEventKind.Output ? "TEXT_MESSAGE_START"u8 : "REASONING_MESSAGE_START"u8;

    public static ReadOnlySpan<byte> MessageContent(StreamEventKind kind) => kind == StreamEventKind.Output ? "TEXT_MESSAGE_CONTENT"u8 : "REASONING_MESSAGE_CONTENT"u8;

    public static ReadOnlySpan<byte> MessageEnd(StreamEventKind kind) => kind == StreamEventKind.Output ? "TEXT_MESSAGE_END"u8 : "REASONING_MESSAGE_END"u8;

    public static ReadOnlySpan<byte> Role(StreamEventKind kind) => kind == StreamEventKind.Output ? "assistant"u8 : "reasoning"u8;
}
