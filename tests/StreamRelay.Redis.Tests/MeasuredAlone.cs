namespace StreamRelay.Redis;

/// <summary>Tests that measure the memory of the whole process, and therefore run when no others do.</summary>
[CollectionDefinition(nameof(MeasuredAlone), DisableParallelization = true)]
public sealed class MeasuredAlone;
