using System.Text.Json;
using System.Text.Unicode;
using StreamRelay.TestSupport.Fuzzing;

namespace StreamRelay.Events;

/// <summary>Events that programs write and producers push, changed at random.</summary>
[Collection(nameof(MeasuredAlone))]
public sealed class EventReaderFuzzTests
{
    [Fact]
    public void An_event_is_refused_with_a_reason_or_can_be_stored_and_shown() => Fuzz.Json(150_000, SampleEvents.Json, input =>
    {
        StreamEvent? read;
        string fault;
        try
        {
            read = EventReader.Read(input, out fault);
        }
        catch (JsonException)
        {
            return;
        }

        Assert.Equal(read is null, fault.Length > 0);
        if (read is null)
            return;

        Assert.True(Utf8.IsValid(read.Content.Span));
        var metadata = new MetadataReader(read.Metadata);
        while (metadata.Read())
            JsonElement.Parse(metadata.Json().Span);
    });
}
