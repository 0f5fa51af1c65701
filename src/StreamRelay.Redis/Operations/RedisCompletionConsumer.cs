using Microsoft.Extensions.Logging;

namespace StreamRelay.Redis.Operations;

/// <summary>Reads completion messages for ever: those that were pending for too long, and new ones. Each is acknowledged only once it is
/// applied or a dead letter, so it may be delivered again, and none is lost.</summary>
public sealed partial class RedisCompletionConsumer : IAsyncDisposable
{
    private static readonly TimeSpan TrimPeriod = TimeSpan.FromSeconds(5);

    private readonly OperationOptions _options;
    private readonly CompletionStream _stream;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private string _cursor = CompletionPage.Beginning;
    private bool _hasGroup;
    private long _trimmedAt;
    private string? _readFailure;
    private string? _unavailable;
    private long _handledAt;

    internal RedisCompletionConsumer(CompletionStream stream, OperationOptions options, TimeProvider time, ILogger logger)
    {
        _options = options;
        _stream = stream;
        _time = time;
        _logger = logger;
        _trimmedAt = time.GetTimestamp();
    }

    /// <summary>Why messages cannot be read or applied; <see langword="null"/> when they can.</summary>
    public string? Failure => Volatile.Read(ref _readFailure) ?? Volatile.Read(ref _unavailable);

    /// <summary>Creates the consumer group once, without trying again.</summary>
    /// <exception cref="IOException">The group cannot be created; the message says what to change.</exception>
    public async Task ConnectAsync(CancellationToken cancellationToken)
    {
        try
        {
            await _stream.ConnectAsync(cancellationToken);
            await _stream.CreateGroupAsync(cancellationToken);
            _hasGroup = true;
        }
        catch (IOException exception)
        {
            throw new IOException($"Completion messages cannot be read from stream '{_options.Stream}': {exception.Message} Check {OperationOptions.Section}:Stream.", exception);
        }
    }

    /// <summary>Reads until it is cancelled; messages that are being handled then are finished first.</summary>
    /// <param name="handle">Applies a message. It may be called for several at once, and again for one that it has applied.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    public async Task RunAsync(Func<CompletionMessage, ValueTask<CompletionResult>> handle, CancellationToken cancellationToken)
    {
        for (var failed = 0; !cancellationToken.IsCancellationRequested;)
        {
            failed = await TryTurnAsync(handle, cancellationToken) ? 0 : failed + 1;
            if (failed > 0)
                await Task.Delay(BackOff.Delay(failed - 1), _time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>Closes the connection that waits for messages.</summary>
    public ValueTask DisposeAsync() => _stream.DisposeAsync();

    private async Task<bool> TryTurnAsync(Func<CompletionMessage, ValueTask<CompletionResult>> handle, CancellationToken cancellationToken)
    {
        try
        {
            await TakeTurnAsync(handle, cancellationToken);
            Note(ref _readFailure, null);
            return _unavailable is null;
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return true;
        }
        catch (Exception exception) when (exception is not ObjectDisposedException)
        {
            // The group may be missing.
            _hasGroup = false;
            Note(ref _readFailure, exception.Message, exception is IOException ? null : exception);
            return false;
        }
    }

    private async Task TakeTurnAsync(Func<CompletionMessage, ValueTask<CompletionResult>> handle, CancellationToken cancellationToken)
    {
        if (!_hasGroup)
            await _stream.CreateGroupAsync(cancellationToken);

        _hasGroup = true;
        var stale = await _stream.ClaimAsync(_cursor, cancellationToken);
        _cursor = stale.Cursor;

        // One page of each in turn, so that neither many old messages nor many new ones delay the others. While there are claimed messages, nothing waits.
        var fresh = stale is { IsLast: true, Messages.Count: 0 }
            ? await _stream.ReadAsync(wait: true, cancellationToken)
            : await _stream.ReadAsync(wait: false, CancellationToken.None);
        await HandleAsync([.. stale.Messages, .. fresh], handle);
        await TrimAsync();
    }

    private async Task HandleAsync(CompletionMessage[] messages, Func<CompletionMessage, ValueTask<CompletionResult>> handle)
    {
        var results = await Task.WhenAll(messages.Select(message => HandleAsync(message, handle)));
        if (results.Length > 0)
        {
            _handledAt = _time.GetTimestamp();
            Note(ref _unavailable, Array.Find(results, static result => result.Outcome == CompletionOutcome.Unavailable).Reason);
        }
        else if (_unavailable is not null && _time.GetElapsedTime(_handledAt) > 2 * _options.ClaimMinIdle)
        {
            // A message that was given back would have been delivered here again: another consumer has handled it.
            Note(ref _unavailable, null);
        }
    }

    private async Task<CompletionResult> HandleAsync(CompletionMessage message, Func<CompletionMessage, ValueTask<CompletionResult>> handle)
    {
        var result = await ClassifyAsync(message, handle);
        if (result.Outcome == CompletionOutcome.Postponed && message.Deliveries >= _options.MaxDeliveries)
            result = CompletionResult.Refused($"After {message.Deliveries} deliveries: {result.Reason}");

        switch (result.Outcome)
        {
            case CompletionOutcome.Applied:
                await _stream.AcknowledgeAsync(message, CancellationToken.None);
                break;
            case CompletionOutcome.Refused:
                await _stream.DeadLetterAsync(message, result.Reason, CancellationToken.None);
                DeadLettered(message.Id, _options.DeadLetter!, result.Reason);
                break;
            case CompletionOutcome.Unavailable:
                await _stream.UncountAsync(message, CancellationToken.None);
                break;
            default:
                Postponed(message.Id, message.Deliveries, result.Reason);
                break;
        }

        return result;
    }

    private async ValueTask<CompletionResult> ClassifyAsync(CompletionMessage message, Func<CompletionMessage, ValueTask<CompletionResult>> handle)
    {
        // Each process that handled it ended before it could acknowledge it, and so might this one.
        if (message.Deliveries > _options.MaxDeliveries)
            return CompletionResult.Refused($"It was delivered {message.Deliveries - 1} times, and no consumer acknowledged it.");

        try
        {
            return await handle(message);
        }
        catch (Exception exception)
        {
            NotHandled(message.Id, exception);
            return CompletionResult.Postponed(exception.Message);
        }
    }

    private async Task TrimAsync()
    {
        if (_time.GetElapsedTime(_trimmedAt) < TrimPeriod)
            return;

        _trimmedAt = _time.GetTimestamp();
        await _stream.TrimAsync(CancellationToken.None);
    }

    private void Note(ref string? failure, string? reason, Exception? unexpected = null)
    {
        if (reason == failure)
            return;

        failure = reason;
        if (reason is null)
            Recovered(_options.Stream!);
        else
            Failed(_options.Stream!, reason, unexpected);
    }

    [LoggerMessage(1, LogLevel.Warning, "Completion messages of {Stream} cannot be handled; trying again: {Reason}")]
    private partial void Failed(string stream, string reason, Exception? unexpected);

    [LoggerMessage(2, LogLevel.Information, "Completion messages of {Stream} are handled again")]
    private partial void Recovered(string stream);

    [LoggerMessage(3, LogLevel.Warning, "Completion message {Id} was moved to the dead letters, {DeadLetter}: {Reason}")]
    private partial void DeadLettered(string id, string deadLetter, string reason);

    [LoggerMessage(4, LogLevel.Debug, "Completion message {Id} is tried again later, after {Deliveries} deliveries: {Reason}")]
    private partial void Postponed(string id, long deliveries, string reason);

    [LoggerMessage(5, LogLevel.Error, "Completion message {Id} could not be handled")]
    private partial void NotHandled(string id, Exception exception);
}
