namespace StreamRelay.Docs.Reference;

/// <summary>One setting, as the options classes define it or as the page describes it.</summary>
/// <param name="Key">Its whole key, such as <c>StreamRelay:Auth:Keys:0:Owner</c>.</param>
/// <param name="Default">Its default as it is written in configuration; <c>none</c> when there is none.</param>
/// <param name="Range">What it may be, such as <c>1</c> to <c>1000</c>; empty where no attribute states it.</param>
internal sealed record Setting(string Key, string Default, string Range);
