namespace StreamRelay.AspNetCore.Endpoints.AgUi;

/// <summary>The data of one frame of a stream, as the API document describes it (AG-UI, events). It has the fields of its type besides.</summary>
/// <param name="Type">Such as <c>TEXT_MESSAGE_CONTENT</c>.</param>
public sealed record AgUiEvent(string Type);
