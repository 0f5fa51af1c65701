namespace StreamRelay.Storage.Inspection;

/// <summary>What an inspection of a data folder has found.</summary>
/// <param name="Tasks">The number of tasks.</param>
/// <param name="Segments">The number of files in the journal that were read.</param>
/// <param name="Findings">A sentence for each damage; empty when there is none.</param>
public sealed record InspectionReport(int Tasks, int Segments, IReadOnlyList<string> Findings);
