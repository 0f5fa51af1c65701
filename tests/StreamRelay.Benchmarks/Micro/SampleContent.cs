namespace StreamRelay.Benchmarks.Micro;

/// <summary>What the events of a benchmark contain.</summary>
public enum SampleContent
{
    /// <summary>Tokens of four bytes.</summary>
    Tokens,

    /// <summary>Tokens, one in four with characters that JSON escapes.</summary>
    Escapes,

    /// <summary>Texts of 200 bytes.</summary>
    LongTexts,

    /// <summary>Pieces of the arguments of a tool call.</summary>
    ToolCalls,
}
