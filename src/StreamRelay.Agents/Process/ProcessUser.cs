using System.Globalization;
using System.Runtime.InteropServices;

namespace StreamRelay.Agents.Process;

/// <summary>A user of the operating system that runs programs.</summary>
/// <param name="Id">The user's number.</param>
/// <param name="Group">The number of the user's group.</param>
internal sealed partial record ProcessUser(uint Id, uint Group)
{
    private const string Users = "/etc/passwd";

    /// <summary>The user that runs the server.</summary>
    public static uint Own { get; } = OperatingSystem.IsLinux() ? GetUser() : 0;

    /// <summary>Whether the server may start programs as another user.</summary>
    public static bool CanChange => OperatingSystem.IsLinux() && Own == 0 && Launcher.MakesGroup;

    /// <summary>Finds a user by its name, or by its number and that of its group, as in <c>1000:1000</c>.</summary>
    /// <returns><see langword="null"/> when there is no such user.</returns>
    public static ProcessUser? Find(string text)
    {
        if (text.Split(':') is [var id, var group])
            return TryNumber(id, out var user) && TryNumber(group, out var users) ? new(user, users) : null;

        return (File.Exists(Users) ? File.ReadLines(Users) : []).Select(line => line.Split(':'))
            .Where(fields => fields.Length > 3 && fields[0] == text && TryNumber(fields[2], out _) && TryNumber(fields[3], out _))
            .Select(fields => new ProcessUser(Number(fields[2]), Number(fields[3]))).FirstOrDefault();
    }

    /// <summary>Gives a file or a folder to the user.</summary>
    /// <exception cref="IOException">The system refused it.</exception>
    public void Give(string path)
    {
        if (ChangeOwner(path, Id, Group) != 0)
            throw new IOException($"'{path}' could not be given to user {Id}: error {Marshal.GetLastPInvokeError()}.");
    }

    private static bool TryNumber(string text, out uint number) => uint.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number);

    private static uint Number(string text) => uint.Parse(text, CultureInfo.InvariantCulture);

    [LibraryImport("libc", EntryPoint = "geteuid")]
    private static partial uint GetUser();

    [LibraryImport("libc", EntryPoint = "lchown", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int ChangeOwner(string path, uint user, uint group);
}
