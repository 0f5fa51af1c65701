using StreamRelay.Tasks;

namespace StreamRelay.Agents.Tutorial;

/// <summary>Writes the text of one tutorial; each task has an author of its own.</summary>
internal interface ITutorialAuthor
{
    /// <summary>The tokens used so far, or <see langword="null"/> when the model's server does not report them.</summary>
    TaskUsage? Usage { get; }

    /// <summary>Plans the tutorial.</summary>
    /// <exception cref="AgentException">The model gave no usable outline.</exception>
    Task<TutorialOutline> PlanAsync(CancellationToken cancellationToken);

    /// <summary>Writes one chapter as pieces of Markdown, without the heading.</summary>
    /// <param name="outline">The outline of the tutorial.</param>
    /// <param name="chapter">The index of the chapter, from 0.</param>
    /// <param name="begun">The text of the chapter that exists already; the pieces continue it.</param>
    /// <param name="cancellationToken">Cancels the writing.</param>
    IAsyncEnumerable<string> WriteAsync(TutorialOutline outline, int chapter, string begun, CancellationToken cancellationToken);
}
