namespace StreamRelay.Storage.Tests;

public sealed class EmbeddedProcessEventLogTests() : EventLogContract(new EmbeddedFixture(Durability.Process));
