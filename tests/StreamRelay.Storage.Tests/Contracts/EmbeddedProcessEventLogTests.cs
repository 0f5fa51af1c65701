namespace StreamRelay.Storage.Contracts;

public sealed class EmbeddedProcessEventLogTests() : EventLogContract(new EmbeddedFixture(Durability.Process));
