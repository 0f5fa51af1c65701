using StreamRelay.Tasks;

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
    /// <param name="outline">The plan.</param>
    /// <param name="chapter">Which chapter of it, from 0.</param>
    /// <param name="begun">What is written of it already; the pieces go on from there.</param>
    /// <param name="cancellationToken">Breaks off.</param>
    IAsyncEnumerable<string> WriteAsync(TutorialOutline outline, int chapter, string begun, CancellationToken cancellationToken);
}
