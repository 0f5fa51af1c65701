namespace StreamRelay.Protocols.Renderings;

/// <summary>Where an entry's frames end.</summary>
/// <param name="Position">The position after its last byte.</param>
/// <param name="Frames">How many frames there are up to it, from the first of the stream on.</param>
internal readonly record struct FrameEnd(long Position, int Frames);
