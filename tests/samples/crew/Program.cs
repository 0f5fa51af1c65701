using Crew;

var builder = WebApplication.CreateBuilder(args);
builder.Services.AddSingleton<Library>();
builder.Services.AddStreamRelay(builder.Configuration).AddAgent<Editor, EditorOptions>("newsroom");
var app = builder.Build();
app.MapStreamRelay();
app.Run();
