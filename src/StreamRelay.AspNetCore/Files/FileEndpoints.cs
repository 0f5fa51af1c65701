using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Net.Http.Headers;
using StreamRelay.AspNetCore.Auth;
using StreamRelay.AspNetCore.Tasks;
using StreamRelay.Protocols.Http;
using StreamRelay.Storage;

namespace StreamRelay.AspNetCore.Files;

/// <summary>The files that tasks make, as downloads.</summary>
public static class FileEndpoints
{
    /// <summary>Maps <c>/v1/tasks/{id}/files</c>, <c>/v1/tasks/{id}/files/{name}</c> and <c>/download/{taskId}/{name}</c>.</summary>
    public static RouteGroupBuilder MapFiles(this IEndpointRouteBuilder endpoints)
    {
        var group = endpoints.MapGroup("").WithTags("Files");
        group.MapGet("/v1/tasks/{id}/files", ListAsync).WithName("ListFiles").WithSummary("The files of a task")
            .Produces<FileList>().Produces<ApiErrorBody>(StatusCodes.Status404NotFound);
        foreach (var (name, pattern) in (ReadOnlySpan<(string, string)>)[("GetFile", "/v1/tasks/{id}/files/{name}"), ("Download", "/download/{id}/{name}")])
        {
            group.MapMethods(pattern, [HttpMethods.Get, HttpMethods.Head], DownloadAsync).WithName(name).WithSummary("Download a file: whole, in ranges, or only if it changed")
                .Produces(StatusCodes.Status200OK, contentType: "application/octet-stream").Produces(StatusCodes.Status206PartialContent)
                .Produces(StatusCodes.Status304NotModified).Produces(StatusCodes.Status416RangeNotSatisfiable).Produces<ApiErrorBody>(StatusCodes.Status404NotFound);
        }

        return group;
    }

    private static async Task<IResult> ListAsync(string id, HttpContext context, ITaskStore tasks) =>
        await TaskAccess.FindAsync(context, id, tasks, context.RequestAborted) is { } task
            ? Results.Json(new FileList(FileView.Of(task)), TaskJson.Readable.FileList)
            : ApiResults.TaskNotFound(id);

    private static async Task<IResult> DownloadAsync(string id, string name, HttpContext context, ITaskStore tasks, IFileStore files)
    {
        if (await TaskAccess.FindAsync(context, id, tasks, context.RequestAborted) is not { } task)
            return ApiResults.TaskNotFound(id);
        if (task.Files.FirstOrDefault(file => file.Name == name) is not { } file
            || await files.OpenAsync(task.Id, file.Name, context.RequestAborted) is not { } content)
        {
            return ApiResults.NotFound($"Task {id} has no file of that name.", "file_not_found", "name");
        }

        // A file is data that a model wrote: no browser may run anything in it.
        var headers = context.Response.Headers;
        headers.XContentTypeOptions = "nosniff";
        headers.ContentSecurityPolicy = "sandbox; default-src 'none'";
        headers.CacheControl = "private, no-cache";
        return Results.File(content, file.MediaType, file.Name, file.CreatedAt, new EntityTagHeaderValue($"\"{file.Hash}\""), enableRangeProcessing: true);
    }
}
