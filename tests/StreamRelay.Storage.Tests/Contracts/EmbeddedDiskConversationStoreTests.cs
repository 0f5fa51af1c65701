namespace StreamRelay.Storage.Contracts;

public sealed class EmbeddedDiskConversationStoreTests() : ConversationStoreContract(new EmbeddedFixture(Durability.Disk));
