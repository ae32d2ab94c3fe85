using System.Text.RegularExpressions;
using CsCheck;
using KubePolicySemaphore.Interfaces.Naming;

namespace KubePolicySemaphore.Interfaces.Tests.Naming;

/// <summary>Against the expressions of k8s.io/apimachinery's validation.</summary>
public sealed partial class KubernetesNameTests
{
    private static readonly Gen<string> Texts = Gen.OneOf(
        Gen.String[Gen.Char["ab9-."], 0, 12],
        Gen.String[Gen.Char["aZ0-_. /é\0"], 0, 8],
        Gen.Int[60, 66].Select(length => new string('a', length)),
        Gen.Int[60, 66].Select(length => new string('a', length - 2) + ".b"),
        Gen.Int[250, 256].Select(length => new string('a', length)));

    [Fact]
    public void IsLabel_AnyText_AgreesWithTheExpression() =>
        Texts.Sample(text => Assert.Equal(text.Length <= 63 && Label().IsMatch(text), KubernetesName.IsLabel(text)));

    [Fact]
    public void IsSubdomain_AnyText_AgreesWithTheExpression() =>
        Texts.Sample(text => Assert.Equal(text.Length <= 253 && Subdomain().IsMatch(text), KubernetesName.IsSubdomain(text)));

    [Fact]
    public void IsLabelValue_AnyText_AgreesWithTheExpressionButForTheEmptyText() =>
        Texts.Sample(text => Assert.Equal(text.Length is > 0 and <= 63 && LabelValue().IsMatch(text), KubernetesName.IsLabelValue(text)));

    [Theory]
    [InlineData(63, true)]
    [InlineData(64, false)]
    public void IsLabel_AtTheLimit_CountsCharacters(int length, bool accepted)
    {
        Assert.Equal(accepted, KubernetesName.IsLabel(new string('a', length)));
        Assert.Equal(accepted, KubernetesName.IsLabelValue(new string('A', length)));
    }

    [Theory]
    [InlineData(253, true)]
    [InlineData(254, false)]
    public void IsSubdomain_AtTheLimit_CountsCharacters(int length, bool accepted) =>
        Assert.Equal(accepted, KubernetesName.IsSubdomain(new string('a', length)));

    [GeneratedRegex(@"\A[a-z0-9]([-a-z0-9]*[a-z0-9])?\z")]
    private static partial Regex Label();

    [GeneratedRegex(@"\A[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*\z")]
    private static partial Regex Subdomain();

    [GeneratedRegex(@"\A(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?\z")]
    private static partial Regex LabelValue();
}
