using System.Collections.Concurrent;
using System.Globalization;
using StreamRelay.Testing;

namespace StreamRelay.Redis.Operations;

/// <summary>Three consumers share a stream, and one after the other is killed: while it waits, before it applies a message, or before it acknowledges one.</summary>
public sealed class CompletionChaosTests
{
    private const int Messages = 10_000;
    private const int Consumers = 3;
    private const int PoisonEvery = 500;
    private const int KillEvery = 250;

    public static TheoryData<int> AllSeeds => [.. Seeds.Take(3)];

    [Theory]
    [MemberData(nameof(AllSeeds))]
    public async Task Every_message_takes_effect_once_whoever_is_killed(int seed)
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
        await setup.WhenSettledAsync();
        await Task.WhenAll(kills);
        Assert.Equal(Enumerable.Range(0, Messages).Where(number => !IsPoison(number)), applied.Keys.Order());
        var dead = (await setup.DeadAsync()).Select(letter => int.Parse(letter.Data, CultureInfo.InvariantCulture)).ToHashSet();
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
                var fate = Roll();
                if (fate == 0)
                    await KillAsync();
                if (IsPoison(number))
                    return CompletionResult.Refused("It is poison.");

                // Applied in one step with the memory of it, as a producer's number is written with its event.
                applied.TryAdd(number, true);
                if (fate == 1)
                    await KillAsync();
                return CompletionResult.Applied;
            });

            // Whoever is killed does nothing any more.
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
