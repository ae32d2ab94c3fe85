using CsCheck;
using KubePolicySemaphore.Interfaces.Naming;

namespace KubePolicySemaphore.Interfaces.Tests.Naming;

public sealed class NetworkSetKeyTests
{
    private static readonly Gen<string> Part = Gen.String[Gen.Char["ab9-."], 1, 6];

    [Fact]
    public void TryParse_OfAKeysText_GivesTheKey() =>
        Gen.Select(Part, Part, Part, (cluster, ns, name) => new NetworkSetKey(cluster, ns, name)).Sample(key =>
        {
            Assert.True(NetworkSetKey.TryParse(key.ToString(), out var parsed));
            Assert.Equal(key, parsed);
        });

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("a/b")]
    [InlineData("a/b/")]
    [InlineData("/b/c")]
    [InlineData("a//c")]
    [InlineData("a/b/c/d")]
    public void TryParse_NotThreeParts_IsFalse(string? text) => Assert.False(NetworkSetKey.TryParse(text, out _));
}
