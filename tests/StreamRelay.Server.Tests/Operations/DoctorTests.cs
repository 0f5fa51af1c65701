namespace StreamRelay.Server.Operations;

public sealed class DoctorTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("streamrelay-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Damage_is_named_and_nothing_is_changed()
    {
        string first, second;
        using (var app = new RelayApp(new() { ["ConnectionStrings:Redis"] = "", ["ConnectionStrings:Postgres"] = "" }, _folder))
        {
            first = await app.StartAsync("count 5 0");
            second = await app.StartAsync("count 9 0");
            await app.TaskAsync(first);
            await app.TaskAsync(second);
            Assert.Equal((2, true), Run(text => text.Contains("in use by a server", StringComparison.Ordinal)));
        }

        Assert.Equal((0, true), Run(text => text.Contains("No damage: 2 tasks", StringComparison.Ordinal)));
        var segment = Directory.GetFiles(Path.Combine(_folder, "journal")).Single();
        var bytes = await File.ReadAllBytesAsync(segment);
        bytes[bytes.AsSpan().IndexOf("t9 "u8)] ^= 1;
        await File.WriteAllBytesAsync(segment, bytes);
        var before = Contents();

        Assert.Equal((1, true), Run(text => text.Contains(second, StringComparison.Ordinal) && text.Contains(segment, StringComparison.Ordinal) && !text.Contains(first, StringComparison.Ordinal)));
        Assert.Equal(before, Contents());
    }

    [Fact]
    public void A_folder_without_data_and_a_wrong_option_are_told_with_the_way_out()
    {
        Assert.Equal((2, true), Run(text => text.Contains("name the data folder", StringComparison.Ordinal)));
        using var output = new StringWriter();
        Assert.Equal(2, Doctor.Run(["--folder"], output));
        Assert.Contains("--data FOLDER", output.ToString());
    }

    private (int Exit, bool Matches) Run(Predicate<string> matches)
    {
        using var output = new StringWriter();
        var exit = Doctor.Run(["--data", _folder], output);
        return (exit, matches(output.ToString()));
    }

    private Dictionary<string, string> Contents() =>
        Directory.GetFiles(_folder, "*", SearchOption.AllDirectories).ToDictionary(path => path, path => Convert.ToHexString(File.ReadAllBytes(path)));
}
