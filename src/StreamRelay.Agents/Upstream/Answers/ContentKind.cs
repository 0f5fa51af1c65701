namespace StreamRelay.Agents.Upstream.Answers;

/// <summary>The kind of a part of a message.</summary>
internal enum ContentKind
{
    Text,
    Reasoning,
    Refusal,
    Image,
}
