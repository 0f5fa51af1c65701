namespace StreamRelay.Redis.Resp;

/// <summary>A channel and those who listen to it. The list is replaced, never changed, so that it can be walked through at any time.</summary>
internal sealed class RespChannel
{
    /// <summary>Those who listen now.</summary>
    public RespSubscription[] Subscriptions { get; private set; } = [];

    public bool IsEmpty => Subscriptions.Length == 0;

    /// <summary>Ends when Redis has confirmed the subscription, or with the reason why it did not.</summary>
    public Task Confirmed { get; set; } = Task.CompletedTask;

    public void Add(RespSubscription subscription) => Subscriptions = [.. Subscriptions, subscription];

    /// <returns><see langword="false"/> when it was not there.</returns>
    public bool Remove(RespSubscription subscription)
    {
        var count = Subscriptions.Length;
        Subscriptions = Array.FindAll(Subscriptions, other => other != subscription);
        return Subscriptions.Length < count;
    }
}
