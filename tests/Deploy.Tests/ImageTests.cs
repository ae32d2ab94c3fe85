using System.Text.RegularExpressions;
using System.Xml.Linq;
using KubePolicySemaphore.Deploy.Tests.Rendering;

namespace KubePolicySemaphore.Deploy.Tests;

/// <summary>The two ways to the image make the same, and the one that the StatefulSet wants.</summary>
public sealed partial class ImageTests
{
    private static readonly string Dockerfile = Repository.Read("Dockerfile");
    private static readonly XDocument Project = XDocument.Parse(Repository.Read("src/Silo/Silo.csproj"));

    [Fact]
    public void Dockerfile_AndPublishContainer_StartFromTheSameImage() =>
        Assert.Equal(Argument("RUNTIME_IMAGE"), Property("ContainerBaseImage"));

    [KustomizeFact]
    public async Task User_OfTheImage_IsTheNumberThatThePodRunsAs()
    {
        var user = new Workload(await Kustomize.RenderAsync(Repository.Local)).Pod["securityContext"]!;
        var expected = $"{user["runAsUser"]}:{user["runAsGroup"]}";

        Assert.Equal(expected, Assert.Single(Instructions("USER")));
        Assert.Equal(expected, Property("ContainerUser"));
    }

    [KustomizeFact]
    public async Task Ports_OfTheImage_AreThoseOfThePod()
    {
        var workload = new Workload(await Kustomize.RenderAsync(Repository.Local));
        string[] expected = [$"{workload.PortOf("http")}", $"{workload.PortOf("silo")}"];

        Assert.Equal(expected, Assert.Single(Instructions("EXPOSE")).Split(' '));
        Assert.Equal(expected, Project.Descendants("ContainerPort").Select(port => port.Attribute("Include")!.Value));
    }

    [KustomizeFact]
    public async Task Name_OfTheImage_IsTheOneOfThePodAndItsTagThisVersion()
    {
        var version = XDocument.Parse(Repository.Read("Directory.Build.props")).Descendants("VersionPrefix").Single().Value;

        Assert.Equal(
            $"{Property("ContainerRepository")}:{version}",
            new Workload(await Kustomize.RenderAsync(Repository.Local)).Container["image"]!.GetValue<string>());
    }

    [Fact]
    public void EntryPoint_OfTheDockerfile_IsTheProgram() =>
        Assert.Equal($"[\"/app/{Property("AssemblyName")}\"]", Assert.Single(Instructions("ENTRYPOINT")));

    [Fact]
    public void Copies_OfTheDockerfile_ExistAndAreInTheBuildContext()
    {
        var sent = Repository.Read(".dockerignore").Split('\n').Where(line => line.StartsWith('!')).Select(line => line[1..]).Order(StringComparer.Ordinal);
        var copied = Instructions("COPY").Where(copy => !copy.StartsWith("--from", StringComparison.Ordinal))
            .SelectMany(copy => copy.Split(' ')[..^1]).Select(path => path.TrimEnd('/')).Order(StringComparer.Ordinal).ToArray();

        Assert.Equal(sent, copied);
        Assert.All(copied, path => Assert.True(Path.Exists(Repository.PathOf(path)), path));
    }

    private static string Property(string name) => Project.Descendants(name).Single().Value;

    private static string Argument(string name) => Regex.Match(Dockerfile, $"^ARG {name}=(.+)$", RegexOptions.Multiline).Groups[1].Value;

    private static IEnumerable<string> Instructions(string name) => Instruction().Matches(Dockerfile)
        .Where(match => match.Groups["name"].Value == name).Select(match => match.Groups["rest"].Value);

    [GeneratedRegex("^(?<name>[A-Z]+) (?<rest>.+)$", RegexOptions.Multiline)]
    private static partial Regex Instruction();
}
