using System.Runtime.CompilerServices;
using StreamRelay.Tasks;

namespace StreamRelay.Agents.Tutorial;

/// <summary>Writes a tutorial when no model is configured: an outline with questions and exercises about the topic, without facts.</summary>
internal sealed class OfflineAuthor(string topic, string language, TimeSpan pause, TimeProvider time) : ITutorialAuthor
{
    private static readonly TutorialChapter[] Plan =
    [
        new("What it is and why it matters", ["The question it answers", "Words to know", "Check yourself"]),
        new("First steps", ["Set up a place to try things", "The smallest thing that works", "Exercises"]),
        new("How it works", ["Its parts", "Follow one thing through", "Exercises"]),
        new("Using it well", ["A small project", "What goes wrong", "Checklist"]),
    ];

    private static readonly string[] Texts =
    [
        """
        > This outline was written without a language model: it holds questions and exercises, not facts. Configure one (StreamRelay:Model) for a written tutorial.{1}

        ### The question it answers

        Write down, in two sentences, which problem {0} solves and what people did before it. Look for the sentence in its own documentation that says so, and compare.

        ### Words to know

        Collect ten words that every text about {0} takes for granted. Give each a definition of one line in your own words, and an example.

        ### Check yourself

        1. Who uses {0}, and for what?
        2. When is it the wrong choice?
        3. What would you have to change in your work to use it tomorrow?
        """,
        """
        ### Set up a place to try things

        Find the official way to get started with {0}. Note every command or step you take, so that you could do it again on an empty machine.

        ### The smallest thing that works

        Make the smallest example of {0} that does something you can see. Change one thing at a time and predict what happens before you look.

        ### Exercises

        1. Break the example on purpose in three ways and write down each error.
        2. Explain the example to somebody who has never heard of {0}.
        """,
        """
        ### Its parts

        Draw {0} as boxes and arrows: what goes in, what comes out, what is kept in between. Name each box with one of your ten words.

        ### Follow one thing through

        Pick one input and follow it through your drawing. Where could it be lost, changed or delayed?

        ### Exercises

        1. Find the limit of one part: how much, how many, how long?
        2. Compare {0} with its nearest alternative, part by part.
        """,
        """
        ### A small project

        Choose something you need yourself that takes one afternoon, and build it with {0}. Decide beforehand how you will know that it works.

        ### What goes wrong

        List five things that people ask about {0} again and again. Cause two of them and mend them.

        ### Checklist

        - [ ] I can say in two sentences what {0} is for.
        - [ ] I have a working example that I understand line by line.
        - [ ] I know where it breaks, and how to notice.
        - [ ] I know where to ask.
        """,
    ];

    public TaskUsage? Usage => null;

    public Task<TutorialOutline> PlanAsync(CancellationToken cancellationToken) =>
        Task.FromResult(new TutorialOutline($"{topic}: a tutorial", Plan));

    public async IAsyncEnumerable<string> WriteAsync(TutorialOutline outline, int chapter, string begun, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var note = language.Equals("English", StringComparison.OrdinalIgnoreCase) ? "" : $" It is in English, because {language} needs a model too.";
        var text = Texts[chapter].Replace("{1}", note, StringComparison.Ordinal).Replace("{0}", topic, StringComparison.Ordinal);
        for (var start = begun.Length; start < text.Length;)
        {
            var space = text.IndexOf(' ', start);
            var end = space < 0 ? text.Length : space + 1;
            yield return text[start..end];
            start = end;
            if (pause > TimeSpan.Zero)
                await Task.Delay(pause, time, cancellationToken);
        }
    }
}
