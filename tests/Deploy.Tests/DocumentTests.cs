using System.Text.RegularExpressions;
using KubePolicySemaphore.Deploy.Tests.Rendering;

namespace KubePolicySemaphore.Deploy.Tests;

public sealed partial class DocumentTests
{
    public static TheoryData<string> Documents => new(
        Directory.EnumerateFiles(Repository.PathOf("docs"), "*.md", SearchOption.AllDirectories).Append(Repository.PathOf("README.md"))
            .Where(file => DeployPath().IsMatch(File.ReadAllText(file)))
            .Select(file => Path.GetRelativePath(Repository.PathOf("."), file)));

    [Theory]
    [MemberData(nameof(Documents))]
    public void Paths_NamedInADocument_Exist(string document) => Assert.All(
        DeployPath().Matches(Repository.Read(document)).Select(match => match.Value),
        path => Assert.True(Path.Exists(Repository.PathOf(path)), $"{document} names {path}"));

    // What an `apply -k` is told must be a kustomization, not any folder.
    [Theory]
    [MemberData(nameof(Documents))]
    public void Folders_AppliedInADocument_AreKustomizations(string document) => Assert.All(
        Applied().Matches(Repository.Read(document)).Select(match => match.Groups["folder"].Value),
        folder => Assert.Contains(folder, Repository.Kustomizations("Kustomization")));

    [GeneratedRegex(@"\bdeploy/[\w./-]*[\w]")]
    private static partial Regex DeployPath();

    [GeneratedRegex(@"apply -k (?<folder>deploy/\S+)")]
    private static partial Regex Applied();
}
