using System.Collections.Concurrent;
using System.Globalization;
using StreamRelay.TestSupport;

namespace StreamRelay.Redis.Operations;

/// <summary>Tests three consumers of one stream that are killed at random: before they apply a message, or before they acknowledge it.</summary>
public sealed class CompletionChaosTests
{
    private const int Messages = 10_000;
    private const int Consumers = 3;
    private const int PoisonEvery = 500;
    private const int KillEvery = 250;

    public static TheoryData<int> AllSeeds => [.. Seeds.Take(3)];

    [Theory]
    [MemberData(nameof(AllSeeds))]
    public async Task Every_message_is_applied_or_a_dead_letter_when_consumers_are_killed(int seed)
    {
        await using var setup = await CompletionSetup.NewAsync();
        setup.Options.MaxDeliveries = 1000;
        var random = new Random(seed);
        var applied = new ConcurrentDictionary<int, bool>();
        long deliveries = 0;
        var nodes = new CompletionNode[Consumers];
        var kills = new ConcurrentQueue<Task>();
        for (var index = 0; index < Consumers; index++)
            Launch(index);

        await setup.AddAsync(Enumerable.Range(0, Messages).Select(number => $"{number}"));

        await CompletionSetup.WhenAsync(() => Task.FromResult(applied.Count + (Messages / PoisonEvery) >= Messages));
        await setup.WhenAcknowledgedAsync();
        await Task.WhenAll(kills);
        Assert.Equal(Enumerable.Range(0, Messages).Where(number => !IsPoison(number)), applied.Keys.Order());
        var dead = (await setup.ReadDeadLettersAsync()).Select(letter => int.Parse(letter.Data, CultureInfo.InvariantCulture)).ToHashSet();
        Assert.Equal(Enumerable.Range(0, Messages).Where(IsPoison), dead.Order());
        Assert.True(kills.Count >= 10, $"{kills.Count} kills");
        Assert.True(deliveries > Messages, $"{deliveries} deliveries");

        void Launch(int index)
        {
            var killed = 0;
            nodes[index] = setup.Start(async message =>
            {
                Interlocked.Increment(ref deliveries);
                var number = int.Parse(CompletionSetup.Text(message), CultureInfo.InvariantCulture);
                var roll = Roll();
                if (roll == 0)
                    await KillAsync();
                if (IsPoison(number))
                    return CompletionResult.Refused("It is poison.");

                // The dictionary ignores a message that is delivered again, as the server does.
                applied.TryAdd(number, true);
                if (roll == 1)
                    await KillAsync();
                return CompletionResult.Applied;
            });

            // The handler never returns, because a killed process does not continue.
            async Task KillAsync()
            {
                if (Interlocked.Exchange(ref killed, 1) == 0)
                    kills.Enqueue(Task.Run(() => ReplaceAsync(index)));
                await new TaskCompletionSource().Task;
            }
        }

        async Task ReplaceAsync(int index)
        {
            var victim = nodes[index];
            Launch(index);
            await victim.KillAsync();
        }

        int Roll()
        {
            lock (random)
                return random.Next(KillEvery);
        }
    }

    private static bool IsPoison(int number) => number % PoisonEvery == 7;
}
