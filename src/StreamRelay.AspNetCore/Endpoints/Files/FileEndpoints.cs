using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using StreamRelay.AspNetCore.Access;
using StreamRelay.AspNetCore.Descriptions;
using StreamRelay.AspNetCore.Errors;
using StreamRelay.AspNetCore.Limits;
using StreamRelay.AspNetCore.Requests;
using StreamRelay.Files;
using StreamRelay.Tasks;

namespace StreamRelay.AspNetCore.Endpoints.Files;

/// <summary>The files that tasks made: listed, and downloaded whole or in parts.</summary>
internal static class FileEndpoints
{
    private const string ListPattern = "/v1/tasks/{id}/files";
    private const string FilePattern = ListPattern + "/{name}";
    private const string DownloadPattern = "/download/{id}/{name}";

    /// <summary>Maps the routes.</summary>
    public static void Map(IEndpointRouteBuilder endpoints)
    {
        var group = endpoints.MapApi("", "Files").WithMetadata(new TicketScope(IsStream: false));
        group.MapGet(ListPattern, ListAsync).WithOperationId("ListFiles").WithSummary("The files that a task made")
            .Produces<FileList>().ProducesErrors(404);
        group.MapFile(FilePattern).WithOperationId("GetFile").WithSummary("One file of a task; supports ranges and If-None-Match");
        group.MapFile(DownloadPattern).WithOperationId("DownloadFile").WithSummary("The same file, at the URL that a task gives for it");
    }

    private static RouteHandlerBuilder MapFile(this IEndpointRouteBuilder group, string pattern)
    {
        group.MapMethods(pattern, [HttpMethods.Head], OpenAsync).ExcludeFromDescription();
        return group.MapGet(pattern, OpenAsync)
            .WithParameters(
                RouteParameters.Header("Range", "The bytes to send, such as `bytes=0-99`."),
                RouteParameters.Header("If-None-Match", "The `ETag` of the file that the client has: the answer is a 304 if it is the same."))
            .Produces<Stream>(StatusCodes.Status200OK, "application/octet-stream")
            .Produces<Stream>(StatusCodes.Status206PartialContent, "application/octet-stream")
            .Produces(StatusCodes.Status304NotModified).Produces(StatusCodes.Status416RangeNotSatisfiable).ProducesErrors(404);
    }

    private static async Task<IResult> ListAsync(string id, HttpContext context, ITaskStore tasks) =>
        await TaskAccess.FindAsync(context, id, tasks, context.RequestAborted) is { } task
            ? LargeJson.Create(new FileList([.. task.Files.Select(file => View(task.Id, file, BasePath.Of(context)))]), FileJson.Readable.FileList)
            : ApiResults.TaskNotFound(id);

    private static async Task<IResult> OpenAsync(string id, string name, HttpContext context, ITaskStore tasks, IFileStore files)
    {
        if (await TaskAccess.FindAsync(context, id, tasks, context.RequestAborted) is not { } task)
            return ApiResults.TaskNotFound(id);

        // Only files that the task lists are opened, so that no other name from a request reaches the store.
        return task.Files.LastOrDefault(file => file.Name == name) is { } file && FileName.IsSafe(file.Name)
            && await files.OpenAsync(task.Id, file.Name, context.RequestAborted) is { } content
            ? FileDownload.Create(context, file, content)
            : ApiResults.NotFound($"Task '{id}' has no file of that name.", "file_not_found", "name");
    }

    private static TaskFile View(TaskId task, StoredFile file, string basePath) => new(
        file.Name, FileUrl.Of(basePath, task, file.Name), file.MediaType, file.Size,
        file.CreatedAt.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture));
}
