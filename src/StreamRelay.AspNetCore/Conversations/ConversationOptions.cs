using System.ComponentModel.DataAnnotations;

namespace StreamRelay.AspNetCore.Conversations;

/// <summary>The conversations that clients create. Section <c>StreamRelay:Conversations</c>. One that is not used for <c>StreamRelay:Storage:RetentionAge</c> is deleted.</summary>
public sealed class ConversationOptions
{
    /// <summary>The configuration section.</summary>
    public const string Section = "StreamRelay:Conversations";

    /// <summary>Items of one conversation, from which on no more can be added and no response started. Default 10,000.</summary>
    [Range(1, 1_000_000)]
    public int MaxItems { get; set; } = 10_000;

    /// <summary>Bytes of the items of one conversation, from which on no more can be added and no response started. Default 16 MiB.</summary>
    [Range(1024, 1L << 30)]
    public long MaxBytes { get; set; } = 16 << 20;
}
