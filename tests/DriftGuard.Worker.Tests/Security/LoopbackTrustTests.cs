using DriftGuard.Worker.Security;
using Microsoft.AspNetCore.Http;

namespace DriftGuard.Worker.Tests.Security;

public sealed class LoopbackTrustTests
{
    [Theory]
    [InlineData("http://127.0.0.1:8470", true)]
    [InlineData("http://127.8.8.8:1", true)]
    [InlineData("http://[::1]:8470", true)]
    [InlineData("https://localhost:8470", true)]
    [InlineData("http://0.0.0.0:8470", false)]
    [InlineData("http://[::]:8470", false)]
    [InlineData("http://*:8470", false)]
    [InlineData("http://10.0.0.1:8470", false)]
    [InlineData("http://localhost.example:8470", false)]
    public void Only_what_the_loopback_interface_alone_reaches_is_trusted(string address, bool trusted) => LoopbackTrust.IsLoopback(address).ShouldBe(trusted);

    [Theory]
    [InlineData("127.0.0.1:8470", null, null, true)]
    [InlineData("localhost:8470", null, null, true)]
    [InlineData("LOCALHOST", null, null, true)]
    [InlineData("[::1]:8470", null, null, true)]
    [InlineData("127.0.0.1:8470", "http://127.0.0.1:8470", "same-origin", true)]
    [InlineData("127.0.0.1:8470", null, "none", true)]
    [InlineData("rebound.example:8470", null, null, false)]
    [InlineData("10.0.0.1", null, null, false)]
    [InlineData("", null, null, false)]
    [InlineData("127.0.0.1:8470", "https://evil.example", null, false)]
    [InlineData("127.0.0.1:8470", "http://127.0.0.1:9000", null, false)]
    [InlineData("127.0.0.1:8470", "null", null, false)]
    [InlineData("127.0.0.1:8470", null, "cross-site", false)]
    [InlineData("127.0.0.1:8470", null, "same-site", false)]
    public void A_page_of_another_site_is_not_trusted_although_its_browser_is_on_this_machine(string host, string? origin, string? site, bool trusted)
    {
        var context = new DefaultHttpContext();
        context.Request.Host = new(host);
        if (origin is not null)
        {
            context.Request.Headers.Origin = origin;
        }

        if (site is not null)
        {
            context.Request.Headers["Sec-Fetch-Site"] = site;
        }

        (LoopbackTrust.WhyNot(context) is null).ShouldBe(trusted);
    }
}
