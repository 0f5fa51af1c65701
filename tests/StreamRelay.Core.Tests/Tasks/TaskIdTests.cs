using Microsoft.Extensions.Time.Testing;

namespace StreamRelay.Tasks;

public sealed class TaskIdTests
{
    private static readonly DateTimeOffset Now = new(2099, 1, 1, 0, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Ids_sort_in_the_order_in_which_they_are_made_also_when_the_clock_is_set_back()
    {
        var (now, before) = (new FakeTimeProvider(Now), new FakeTimeProvider(Now.AddSeconds(-5)));
        TaskId[] ids = [.. Enumerable.Range(0, 10_000).Select(index => TaskId.New(index % 3 == 0 ? now : before))];

        Assert.Equal(ids.Order(), ids);
        Assert.Equal(ids.Order().Select(id => id.ToString()), ids.Select(id => id.ToString()).Order(StringComparer.Ordinal));
        Assert.Equal(ids.Length, ids.Distinct().Count());
    }

    [Fact]
    public void Ids_made_at_the_same_time_by_several_threads_are_different()
    {
        var ids = new System.Collections.Concurrent.ConcurrentBag<TaskId>();
        Parallel.For(0, 10_000, _ => ids.Add(TaskId.New(TimeProvider.System)));
        Assert.Equal(10_000, ids.Select(id => id.ToString()[..16]).Distinct().Count());
    }

    [Fact]
    public void Ids_made_later_sort_after_an_id_that_was_observed()
    {
        var newest = new TaskId(Guid.CreateVersion7(Now.AddHours(1)));
        TaskId.Observe(newest);
        Assert.True(TaskId.New(TimeProvider.System) > newest);
    }

    [Fact]
    public void An_id_is_a_version_7_UUID_that_is_read_as_it_is_written()
    {
        var id = TaskId.New(TimeProvider.System);
        Assert.Equal((7, true), (id.Value.Version, id.Value.Variant is >= 8 and <= 11));
        Assert.True(TaskId.TryParse(id.ToString(), out var read));
        Assert.Equal(id, read);
    }
}
