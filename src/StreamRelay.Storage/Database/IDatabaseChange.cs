namespace StreamRelay.Storage.Database;

/// <summary>A change that waits for the writer. The writer calls these methods on one thread.</summary>
internal interface IDatabaseChange
{
    /// <summary>Makes the change inside the writer's transaction. Called again in another transaction when the first one did not commit.</summary>
    void Run(DatabaseSession session);

    /// <summary>Completes the call that asked for the change, which is committed.</summary>
    void Complete();

    /// <summary>Fails the call that asked for the change, of which nothing is committed.</summary>
    void Fail(Exception failure);
}
