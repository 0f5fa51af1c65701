namespace StreamRelay.Streams;

/// <summary>Is notified when a tail changes.</summary>
internal interface ITailObserver
{
    /// <summary>Entries were appended, or the tail ended. Called on the thread of the writer: it must not wait.</summary>
    void OnAppended();
}
