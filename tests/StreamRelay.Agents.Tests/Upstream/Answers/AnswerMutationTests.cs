using System.Text;
using StreamRelay.Events;
using StreamRelay.Tasks;
using StreamRelay.TestSupport;
using StreamRelay.TestSupport.Upstreams;

namespace StreamRelay.Agents.Upstream.Answers;

/// <summary>Answers that were changed at random complete with all that can be found in them, or fail.</summary>
public sealed class AnswerMutationTests
{
    private const int Usually = 3000;

    [Theory]
    [InlineData(UpstreamWire.Chat)]
    [InlineData(UpstreamWire.Responses)]
    [InlineData(UpstreamWire.Messages)]
    public async Task A_mutated_answer_completes_with_all_its_content_or_fails_with_a_reason(UpstreamWire wire)
    {
        var api = Enum.Parse<UpstreamApi>(wire.ToString());
        await using var relay = await Relay.StartAsync(async (context, cancellationToken) =>
            await ReadAsync(MutatedAnswer.Create(int.Parse(Encoding.UTF8.GetString(context.Input.Content.Span).Trim('"')), wire), api, context, cancellationToken));
        var completed = 0;
        foreach (var seed in Seeds.Take(Usually))
        {
            var task = await relay.EndAsync(await relay.RunAsync($"{seed}"));
            var answer = MutatedAnswer.Create(seed, wire);
            if (task.State == TaskState.Completed)
                AssertNothingLost(seed, answer, TolerantReader.Words(answer, wire), await WordsAsync(relay, task.Id));
            else
                Assert.True(task.Error?.Code is not (null or "agent_failed"), $"Seed {seed} failed without a reason:\n{Encoding.UTF8.GetString(answer)}");

            completed += task.State == TaskState.Completed ? 1 : 0;
        }

        // Otherwise the answers say nothing about the completed ones.
        Assert.InRange(completed, Usually / 3, int.MaxValue);
    }

    private static void AssertNothingLost(int seed, byte[] answer, IReadOnlySet<string> expected, IReadOnlySet<string> words)
    {
        var lost = expected.Except(words).ToList();
        Assert.True(lost.Count == 0, $"Seed {seed} lost {string.Join(", ", lost)} of:\n{Encoding.UTF8.GetString(answer)}");
    }

    private static async Task ReadAsync(byte[] answer, UpstreamApi api, AgentContext context, CancellationToken cancellationToken)
    {
        var reader = api.CreateReader(new(context), new("", []));
        using var body = new MemoryStream(answer);
        await foreach (var frame in AnswerBody.ReadAsync(body, cancellationToken))
        {
            await reader.AddAsync(frame, cancellationToken);
            if (reader.IsDone)
                break;
        }

        await reader.CompleteAsync(cancellationToken);
    }

    /// <summary>The words in each kind of event: pieces of one text or one call may join to a word.</summary>
    private static async Task<IReadOnlySet<string>> WordsAsync(Relay relay, TaskId task)
    {
        var entries = await relay.ReadAllAsync(task);
        var texts = entries.GroupBy(entry => entry.Event.Kind).Select(kind => string.Concat(kind.Select(entry => Encoding.UTF8.GetString(entry.Event.Content.Span))));
        var metadata = entries.Where(entry => entry.Event.Kind != StreamEventKind.Start).Select(entry => Encoding.UTF8.GetString(entry.Event.Metadata.Span));
        return texts.Concat(metadata).SelectMany(TolerantReader.In).ToHashSet();
    }
}
