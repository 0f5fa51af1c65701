namespace StreamRelay.Agents.Tutorial;

public sealed class TutorialTopicTests
{
    [Theory]
    [InlineData("Write a tutorial about MySQL", "MySQL")]
    [InlineData("write me a short beginner's tutorial on Rust's borrow checker, please.", "Rust's borrow checker")]
    [InlineData("Can you please make a step-by-step guide to knots?", "knots")]
    [InlineData("I'd like a tutorial about Redis Streams", "Redis Streams")]
    [InlineData("A guide to C#", "C#")]
    [InlineData("Tutorial on .NET 10!", ".NET 10")]
    public void The_topic_of_a_known_request_is_what_follows_the_preposition(string request, string topic) =>
        Assert.Equal(topic, TutorialTopic.FromRequest(request));

    [Theory]
    [InlineData("MySQL")]
    [InlineData("MySQL tutorial for beginners")]
    [InlineData("How do I write a tutorial about MySQL")]
    [InlineData("Write a tutorial about MySQL\nand then one about Postgres")]
    [InlineData("Knots & <b>ropes</b> 😀")]
    [InlineData("Schreibe ein Tutorial über MySQL")]
    public void Any_other_text_is_the_topic_itself(string request) => Assert.Equal(request, TutorialTopic.FromRequest(request));
}
