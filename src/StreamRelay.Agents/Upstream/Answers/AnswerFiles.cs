using System.Buffers;
using StreamRelay.Events;

namespace StreamRelay.Agents.Upstream.Answers;

/// <summary>Publishes the images and the audio of an answer as files of the task.</summary>
internal sealed class AnswerFiles(AgentContext context)
{
    private const int MaxAudioBytes = 64 << 20;

    private readonly ArrayBufferWriter<byte> _audio = new();
    private int _images;

    /// <summary>Publishes an image: data in its address is stored, any other address is passed on.</summary>
    /// <exception cref="AgentException">The address cannot be read.</exception>
    public async ValueTask AddImageAsync(string address, CancellationToken cancellationToken)
    {
        _images++;
        if (FileData.Parse(address) is { } file)
        {
            using var content = new MemoryStream(file.Content);
            await context.SaveFileAsync($"image-{_images}{file.Extension}", file.MediaType, content, cancellationToken);
        }
        else if (Uri.TryCreate(address, UriKind.Absolute, out var url) && url.Scheme is "http" or "https")
        {
            await context.PublishAsync(new(StreamEventKind.File, default, AgentEvents.Json(json =>
            {
                json.WriteString("name"u8, $"image-{_images}");
                json.WriteString("url"u8, address);
                json.WriteString("media_type"u8, "image/*");
            })), cancellationToken);
        }
        else
        {
            throw AnswerFault.Unsupported("an image without an address");
        }
    }

    /// <summary>Adds a piece of the audio, in Base64.</summary>
    /// <exception cref="AgentException">It is not Base64, or too much.</exception>
    public void AddAudio(string base64)
    {
        if (_audio.WrittenCount + base64.Length > MaxAudioBytes)
            throw AnswerFault.Unsupported("audio of more than 64 MiB");

        try
        {
            _audio.Write(Convert.FromBase64String(base64));
        }
        catch (FormatException exception)
        {
            throw AnswerFault.Malformed("audio that is not Base64", exception);
        }
    }

    /// <summary>Publishes the audio, if there is any.</summary>
    public async ValueTask CompleteAsync(CancellationToken cancellationToken)
    {
        if (_audio.WrittenCount == 0)
            return;

        var file = FileData.OfAudio(_audio.WrittenSpan.ToArray());
        using var content = new MemoryStream(file.Content);
        await context.SaveFileAsync($"audio{file.Extension}", file.MediaType, content, cancellationToken);
    }
}
