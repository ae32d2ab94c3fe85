using System.Text.Json.Nodes;
using Cel;
using KubePolicySemaphore.Deploy.Tests.Rendering;
using KubePolicySemaphore.Interfaces.Naming;

namespace KubePolicySemaphore.Deploy.Tests;

/// <summary>
/// The policy's expressions, evaluated as the API server would: the bench's server is too old for the policy itself.
/// </summary>
public sealed class AdmissionPolicyTests
{
    private const string OurAccount = "system:serviceaccount:network-sync:kube-policy-semaphore";

    private static readonly CelEnvironment Cel = new([], "");

    private static readonly string[] OurManagers = [.. NamingConvention.All.Select(convention => convention.ManagedBy)];

    public static TheoryData<string> Ours => new(OurManagers);

    [KustomizeTheory]
    [MemberData(nameof(Ours))]
    public async Task Writes_OfOurObjects_AreAdmitted(string managedBy)
    {
        var policy = await PolicyAsync();

        Assert.True(Admits(policy, OurAccount, before: null, after: Labelled(managedBy)));
        Assert.True(Admits(policy, OurAccount, before: Labelled(managedBy), after: Labelled(managedBy)));
        Assert.True(Admits(policy, OurAccount, before: Labelled(managedBy), after: null));
    }

    [KustomizeTheory]
    [InlineData(null)]
    [InlineData("helm")]
    public async Task Writes_OfOthersObjects_AreRefused(string? managedBy)
    {
        var policy = await PolicyAsync();

        Assert.False(Admits(policy, OurAccount, before: null, after: Labelled(managedBy)));
        Assert.False(Admits(policy, OurAccount, before: Labelled(managedBy), after: null));
        // Neither may an object of somebody else become ours, nor one of ours be passed off as another's.
        Assert.False(Admits(policy, OurAccount, before: Labelled(managedBy), after: Labelled(OurManagers[0])));
        Assert.False(Admits(policy, OurAccount, before: Labelled(OurManagers[0]), after: Labelled(managedBy)));
    }

    [KustomizeFact]
    public async Task Writes_WithoutAnyLabels_AreRefused() =>
        Assert.False(Admits(await PolicyAsync(), OurAccount, before: null, after: Object(labels: null)));

    [KustomizeTheory]
    [InlineData("alice")]
    [InlineData("system:serviceaccount:network-sync:other")]
    [InlineData("system:serviceaccount:network-sync:other-kube-policy-semaphore")]
    public async Task Writes_OfOtherAccounts_AreNotLookedAt(string user) =>
        Assert.True(Admits(await PolicyAsync(), user, before: null, after: Labelled("helm")));

    [KustomizeFact]
    public async Task Policy_CoversEveryRightToWriteNetworkSetsAndDenies()
    {
        var example = await Kustomize.RenderAsync(Repository.Example);
        var rule = Assert.Single(example.Single("ValidatingAdmissionPolicy")["spec"]!["matchConstraints"]!["resourceRules"]!.AsArray())!;
        var role = Assert.Single(example.Single("ClusterRole")["rules"]!.AsArray())!;

        Assert.Equal(role["apiGroups"]!.ToJsonString(), rule["apiGroups"]!.ToJsonString());
        Assert.Equal(role["resources"]!.ToJsonString(), rule["resources"]!.ToJsonString());
        Assert.Equal(["CREATE", "UPDATE", "DELETE"], rule["operations"]!.AsArray().Select(one => one!.GetValue<string>()));
        Assert.Equal("Fail", example.Single("ValidatingAdmissionPolicy")["spec"]!["failurePolicy"]!.GetValue<string>());
        var binding = example.Single("ValidatingAdmissionPolicyBinding")["spec"]!;
        Assert.Equal(Manifest.NameOf(example.Single("ValidatingAdmissionPolicy")), binding["policyName"]!.GetValue<string>());
        Assert.Contains("Deny", binding["validationActions"]!.AsArray().Select(one => one!.GetValue<string>()));
    }

    private static async Task<JsonNode> PolicyAsync() =>
        (await Kustomize.RenderAsync(Repository.Example)).Single("ValidatingAdmissionPolicy")["spec"]!;

    private static bool Admits(JsonNode policy, string user, Dictionary<string, object?>? before, Dictionary<string, object?>? after)
    {
        var context = new Dictionary<string, object?>
        {
            ["request"] = new Dictionary<string, object?> { ["userInfo"] = new Dictionary<string, object?> { ["username"] = user } },
            ["object"] = after,
            ["oldObject"] = before,
        };
        if (policy["matchConditions"]!.AsArray().Any(condition => !IsTrue(condition!)))
            return true;
        context["variables"] = policy["variables"]!.AsArray().ToDictionary(
            variable => variable!["name"]!.GetValue<string>(), variable => Evaluate(variable!));
        return policy["validations"]!.AsArray().All(validation => IsTrue(validation!));

        bool IsTrue(JsonNode holder) => Evaluate(holder) is true;

        object? Evaluate(JsonNode holder) => Cel.Compile(holder["expression"]!.GetValue<string>())(context);
    }

    private static Dictionary<string, object?> Labelled(string? managedBy)
    {
        var labels = new Dictionary<string, object?> { ["name"] = "web" };
        if (managedBy is not null)
            labels[NamingConvention.ManagedByLabel] = managedBy;
        return Object(labels);
    }

    private static Dictionary<string, object?> Object(Dictionary<string, object?>? labels)
    {
        var metadata = new Dictionary<string, object?> { ["name"] = "blue-shop-web" };
        if (labels is not null)
            metadata["labels"] = labels;
        return new() { ["metadata"] = metadata };
    }
}
