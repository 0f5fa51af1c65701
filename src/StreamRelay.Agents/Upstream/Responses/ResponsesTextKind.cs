namespace StreamRelay.Agents.Upstream.Responses;

/// <summary>The kinds of text that an item has.</summary>
internal enum ResponsesTextKind
{
    /// <summary>The answer.</summary>
    Text,

    /// <summary>What the model says to refuse.</summary>
    Refusal,

    /// <summary>A summary of the reasoning.</summary>
    Summary,

    /// <summary>The reasoning itself.</summary>
    Reasoning,

    /// <summary>The arguments of a function.</summary>
    Arguments,

    /// <summary>The input of a custom tool.</summary>
    Input,
}
