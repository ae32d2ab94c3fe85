namespace KubePolicySemaphore.Simulator.Tests.Contract;

public abstract class ListContract(Func<Task<ServerUnderTest>> start) : ApiServerContract(start)
{
    [ContractFact]
    public async Task List_InPages_SeesOneSnapshot()
    {
        foreach (var suffix in new[] { "a", "b", "c", "d", "e" })
            await Client.CreatePodAsync(Run, suffix);
        var pods = ApiClient.PodsOf(Run);

        var first = await Client.GetAsync($"{pods}?limit=2");
        await Client.DeleteAsync($"{pods}/d?gracePeriodSeconds=0");
        await Client.CreatePodAsync(Run, "cc");
        var second = await Client.GetAsync($"{pods}?limit=2&continue={first.Continue}");
        var third = await Client.GetAsync($"{pods}?limit=2&continue={second.Continue}");

        Assert.Equal(["a", "b"], first.Names);
        Assert.Equal(3, (int)first.Json["metadata"]!["remainingItemCount"]!);
        Assert.Equal(["c", "d"], second.Names);
        Assert.Equal(["e"], third.Names);
        Assert.Equal("", third.Continue);
        Assert.Equal(first.ResourceVersion, second.ResourceVersion);
        Assert.Equal(first.ResourceVersion, third.ResourceVersion);
        Assert.Equal(["a", "b", "c", "cc", "e"], (await Client.GetAsync(pods)).Names);
    }

    [ContractFact]
    public async Task List_WithExpiredToken_AnswersAFreshOneThatGoesOn()
    {
        foreach (var suffix in new[] { "a", "b", "c" })
            await Client.CreatePodAsync(Run, suffix);
        var pods = ApiClient.PodsOf(Run);
        var first = await Client.GetAsync($"{pods}?limit=1");
        await Client.CreatePodAsync(Run, "d");
        await Server.ForgetHistoryAsync();

        var expired = await Client.GetAsync($"{pods}?limit=1&continue={first.Continue}");
        AssertRefused(410, "Expired", expired);
        var rest = await Client.GetAsync($"{pods}?limit=5&continue={expired.Continue}");

        Assert.Equal(["b", "c", "d"], rest.Names);
    }

    [ContractFact]
    public async Task List_WithSelectorAndLimit_CountsNothingRemaining()
    {
        await CreateAsync("a");
        await CreateAsync("b");

        var first = await Client.GetAsync($"{NetworkSets}?limit=1&labelSelector=run%3D{Run}");

        Assert.Equal([$"{Run}-a"], first.Names);
        Assert.NotEqual("", first.Continue);
        Assert.Null(first.Json["metadata"]!["remainingItemCount"]);
    }

    [ContractFact]
    public async Task List_AcrossNamespaces_IsSortedByNamespaceAndName()
    {
        await Client.CreatePodAsync(Run, "z");
        await Client.CreatePodAsync(Run + "-x", "a");

        var all = await Client.GetAsync($"/api/v1/pods?labelSelector=app%20in%20(a,z)");
        var mine = all.Json["items"]!.AsArray().Select(item => $"{item!["metadata"]!["namespace"]}/{item["metadata"]!["name"]}")
            .Where(key => key.StartsWith(Run, StringComparison.Ordinal)).ToList();

        // The minus sorts before the slash.
        Assert.Equal([$"{Run}-x/a", $"{Run}/z"], mine);
    }

    [ContractFact]
    public async Task List_ByLabelSelector_FollowsEachOperator()
    {
        await Client.PostAsync(NetworkSets, Labelled("one", ("tier", "one")));
        await Client.PostAsync(NetworkSets, Labelled("two", ("tier", "two")));
        await Client.PostAsync(NetworkSets, Labelled("none"));

        Assert.Equal("one", await NamesAsync("tier=one"));
        Assert.Equal("one", await NamesAsync("tier==one"));
        Assert.Equal("none two", await NamesAsync("tier!=one"));
        Assert.Equal("one two", await NamesAsync("tier in (one, two)"));
        Assert.Equal("none two", await NamesAsync("tier notin (one)"));
        Assert.Equal("one two", await NamesAsync("tier"));
        Assert.Equal("none", await NamesAsync("!tier"));
        Assert.Equal("", await NamesAsync("tier=one,tier=two"));
        AssertRefused(400, "BadRequest", await Client.GetAsync($"{NetworkSets}?labelSelector=a%20b"));
    }

    [ContractFact]
    public async Task List_ByField_KnowsNameOnly()
    {
        await CreateAsync("a");
        await CreateAsync("b");

        Assert.Equal([$"{Run}-b"], (await Client.GetAsync($"{NetworkSets}?fieldSelector=metadata.name%3D{Run}-b")).Names);
        AssertRefused(400, "BadRequest", await Client.GetAsync($"{NetworkSets}?fieldSelector=spec.x%3D1"));
    }

    [ContractFact]
    public async Task List_AtExactVersion_SeesThePast()
    {
        var first = await CreateAsync("a");
        await CreateAsync("b");
        var selector = $"labelSelector=run%3D{Run}";

        Assert.Equal([$"{Run}-a"], (await Client.GetAsync($"{NetworkSets}?{selector}&resourceVersion={first.ResourceVersion}&resourceVersionMatch=Exact")).Names);
        Assert.Equal(2, (await Client.GetAsync($"{NetworkSets}?{selector}&resourceVersion={first.ResourceVersion}")).Names.Length);
        // A limit makes the match exact where none is stated.
        Assert.Equal([$"{Run}-a"], (await Client.GetAsync($"{NetworkSets}?{selector}&resourceVersion={first.ResourceVersion}&limit=5")).Names);
        // Version 0 asks the cache, which knows no limit.
        Assert.Equal(2, (await Client.GetAsync($"{NetworkSets}?{selector}&resourceVersion=0&limit=1")).Names.Length);
    }

    [ContractFact]
    public async Task List_WithImpossibleVersions_IsRefused()
    {
        const string future = "999999999";
        AssertRefused(504, "Timeout", await Client.GetAsync($"{NetworkSets}?resourceVersion={future}"));
        AssertRefused(500, "", await Client.GetAsync($"{NetworkSets}?resourceVersion={future}&limit=1"));
        AssertRefused(500, "", await Client.GetAsync($"{NetworkSets}?resourceVersion=abc"));
        AssertRefused(422, "Invalid", await Client.GetAsync($"{NetworkSets}?resourceVersionMatch=Exact"));
        AssertRefused(422, "Invalid", await Client.GetAsync($"{NetworkSets}?resourceVersion=0&resourceVersionMatch=Exact"));
        AssertRefused(422, "Invalid", await Client.GetAsync($"{NetworkSets}?resourceVersion=1&resourceVersionMatch=Near"));
        AssertRefused(400, "BadRequest", await Client.GetAsync($"{NetworkSets}?limit=abc"));
        AssertRefused(400, "BadRequest", await Client.GetAsync($"{NetworkSets}?continue=abc"));
    }

    private System.Text.Json.Nodes.JsonObject Labelled(string suffix, params (string Key, string Value)[] labels)
    {
        var set = ApiClient.NetworkSet($"{Run}-{suffix}", Run);
        foreach (var (key, value) in labels)
            set["metadata"]!["labels"]![key] = value;
        return set;
    }

    private async Task<string> NamesAsync(string selector)
    {
        var list = await Client.GetAsync($"{NetworkSets}?labelSelector={Uri.EscapeDataString($"run={Run},{selector}")}");
        return string.Join(' ', list.Names.Select(name => name[(Run.Length + 1)..]));
    }
}
