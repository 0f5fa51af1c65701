namespace StreamRelay.Agents.Tutorial;

/// <summary>Who writes a tutorial; one for each task.</summary>
internal interface ITutorialAuthor
{
    /// <summary>Tokens used so far, or <see langword="null"/> when the model's server does not say.</summary>
    TaskUsage? Usage { get; }

    /// <summary>Plans the tutorial.</summary>
    /// <exception cref="AgentException">There is no usable plan.</exception>
    Task<TutorialOutline> PlanAsync(CancellationToken cancellationToken);

    /// <summary>Writes one chapter without its heading: Markdown, in pieces.</summary>
    IAsyncEnumerable<string> WriteAsync(TutorialOutline outline, int chapter, CancellationToken cancellationToken);
}
