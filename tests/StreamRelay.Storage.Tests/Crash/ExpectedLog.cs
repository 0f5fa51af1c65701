using StreamRelay.Events;

namespace StreamRelay.Storage.Crash;

/// <summary>The entries that the writer of a log appended and those that were acknowledged.</summary>
internal sealed class ExpectedLog(bool keepsAcknowledged)
{
    private readonly List<HashSet<string>> _tried = [];
    private int _acknowledged;

    public long EpochsTried { get; set; }

    public long Epoch { get; set; }

    public bool DeleteStarted { get; set; }

    public bool IsDeleted { get; set; }

    public bool IsTaken { get; set; }

    public void Try(StreamEntry[] entries)
    {
        foreach (var entry in entries)
        {
            while (_tried.Count < entry.Offset)
                _tried.Add([]);
            _tried[(int)entry.Offset - 1].Add(entry.Text());
        }
    }

    public void Acknowledge(StreamEntry[] entries)
    {
        foreach (var entry in entries)
            ConfirmText((int)entry.Offset - 1, entry.Text());
        _acknowledged = (int)entries[^1].Offset;
    }

    /// <summary>Checks that the entries found are a prefix without gaps of the appended entries and contain every acknowledged one. They count as acknowledged afterwards.</summary>
    public void Check(List<StreamEntry>? found, string where)
    {
        Assert.True(!IsDeleted || found is null || !keepsAcknowledged, $"A deleted log came back: {where}");
        if (found is null)
        {
            Assert.True(!keepsAcknowledged || DeleteStarted || Epoch == 0, $"A log is gone: {where}");
            (_acknowledged, Epoch) = (0, DeleteStarted ? Epoch : 0);
            IsDeleted |= DeleteStarted;
            return;
        }

        Assert.True(found.Count >= _acknowledged || !keepsAcknowledged, $"Of {_acknowledged} entries {found.Count} are left: {where}");
        for (var index = 0; index < found.Count; index++)
        {
            Assert.True(found[index].Offset == index + 1, $"Entry {found[index].Offset} stands at {index + 1}: {where}");
            Assert.True(_tried[index].Contains(found[index].Text()), $"Entry {index + 1} was never written like this: {where}");
            ConfirmText(index, found[index].Text());
        }

        _acknowledged = found.Count;
    }

    // Where acknowledged entries may be lost, entries that they had replaced may return.
    private void ConfirmText(int index, string text)
    {
        if (keepsAcknowledged)
            _tried[index] = [text];
    }
}
