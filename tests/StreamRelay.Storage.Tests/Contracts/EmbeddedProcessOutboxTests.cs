namespace StreamRelay.Storage.Contracts;

public sealed class EmbeddedProcessOutboxTests() : OutboxContract(new EmbeddedFixture(Durability.Process));
