namespace KubePolicySemaphore.Simulator.Tests.Contract;

public abstract class WatchContract(Func<Task<ServerUnderTest>> start) : ApiServerContract(start)
{
    [ContractFact]
    public async Task Watch_FromListsVersion_SeesExactlyWhatChangedSince()
    {
        await CreateAsync("before");
        var list = await Client.GetAsync(Selected());
        var created = await CreateAsync("new", "10.0.0.1/32");
        await Client.PatchAsync(PathOf($"{Run}-new"), """{"spec":{"nets":[]}}""", ApiClient.Merge);
        await Client.DeleteAsync(PathOf($"{Run}-before"));

        var events = await CollectAsync($"{Selected()}&watch=true&timeoutSeconds=60&resourceVersion={list.ResourceVersion}", 3);

        Assert.Equal(["ADDED new", "MODIFIED new", "DELETED before"], Describe(events));
        Assert.Equal(created.ResourceVersion, events[0].Content.ResourceVersion);
        Assert.True(VersionsRise(events));
    }

    [ContractFact]
    public async Task Watch_WhileItRuns_TellsChangesAtOnce()
    {
        var list = await Client.GetAsync(Selected());
        await using var events = Client.WatchAsync($"{Selected()}&watch=true&timeoutSeconds=60&resourceVersion={list.ResourceVersion}").GetAsyncEnumerator();
        await CreateAsync("a");
        Assert.True(await events.MoveNextAsync());
        await CreateAsync("b");
        Assert.True(await events.MoveNextAsync());

        Assert.Equal($"{Run}-b", (string)events.Current.Content.Json["metadata"]!["name"]!);
    }

    [ContractFact]
    public async Task Watch_WithoutVersion_BeginsWithWhatIsThere()
    {
        await CreateAsync("a");

        var events = await CollectAsync($"{Selected()}&watch=true&timeoutSeconds=60", 1);

        Assert.Equal(["ADDED a"], Describe(events));
    }

    [ContractFact]
    public async Task Watch_WithSelector_TellsOfObjectsThatEnterAndLeave()
    {
        var list = await Client.GetAsync(Selected());
        var created = await CreateAsync("a", "10.0.0.1/32");
        var left = await Client.PatchAsync(PathOf($"{Run}-a"), """{"metadata":{"labels":{"run":"other"}},"spec":{"nets":["10.0.0.2/32"]}}""", ApiClient.Merge);
        await Client.PatchAsync(PathOf($"{Run}-a"), """{"metadata":{"labels":{"run":"another"}}}""", ApiClient.Merge);
        await Client.PatchAsync(PathOf($"{Run}-a"), $$$"""{"metadata":{"labels":{"run":"{{{Run}}}"} } }""", ApiClient.Merge);

        var events = await CollectAsync($"{Selected()}&watch=true&timeoutSeconds=60&resourceVersion={list.ResourceVersion}", 3);

        Assert.Equal(["ADDED a", "DELETED a", "ADDED a"], Describe(events));
        Assert.Equal(created.ResourceVersion, events[0].Content.ResourceVersion);
        // As it last matched, but with the version of the change that took it out.
        Assert.Equal(["10.0.0.1/32"], events[1].Content.Nets);
        Assert.Equal(Run, events[1].Content.Label("run"));
        Assert.Equal(left.ResourceVersion, events[1].Content.ResourceVersion);
    }

    [ContractFact]
    public async Task Watch_OfDeletion_CarriesTheVersionOfTheDeletion()
    {
        var created = await CreateAsync("a");
        await Client.DeleteAsync(PathOf($"{Run}-a"));

        var events = await CollectAsync($"{Selected()}&watch=true&timeoutSeconds=60&resourceVersion={created.ResourceVersion}", 1);

        Assert.Equal(["DELETED a"], Describe(events));
        Assert.True(VersionOf(events[0]) > long.Parse(created.ResourceVersion));
    }

    [ContractFact]
    public async Task Watch_ThatAllowsBookmarks_GetsOneBeforeItEnds()
    {
        var list = await Client.GetAsync(Selected());
        await using var events = Client.WatchAsync(
            $"{Selected()}&watch=true&allowWatchBookmarks=true&timeoutSeconds=6&resourceVersion={list.ResourceVersion}").GetAsyncEnumerator();
        await CreateAsync("a");
        Assert.True(await events.MoveNextAsync());
        // Not selected: only a bookmark can tell the watch that it has seen as far as this.
        var other = await Client.CreateNetworkSetAsync($"{Run}-other");

        Assert.True(await events.MoveNextAsync());
        var bookmark = events.Current;
        Assert.Equal("BOOKMARK", bookmark.Type);
        Assert.True(VersionOf(bookmark) >= long.Parse(other.ResourceVersion));
        Assert.Equal("GlobalNetworkSet", (string)bookmark.Content.Json["kind"]!);
    }

    [ContractFact]
    public async Task Watch_ThatDoesNotAllowBookmarks_GetsNone()
    {
        var created = await CreateAsync("a");

        var events = await CollectAsync($"{Selected()}&watch=true&timeoutSeconds=3&resourceVersion={created.ResourceVersion}", int.MaxValue);

        Assert.Empty(events);
    }

    [ContractFact]
    public async Task Watch_WithBadParameters_IsRefused()
    {
        AssertRefused(500, "", await Client.GetAsync($"{NetworkSets}?watch=true&resourceVersion=abc"));
        AssertRefused(422, "Invalid", await Client.GetAsync($"{NetworkSets}?watch=true&resourceVersionMatch=NotOlderThan&sendInitialEvents=true&allowWatchBookmarks=true"));
        AssertRefused(400, "BadRequest", await Client.GetAsync($"{NetworkSets}?watch=true&timeoutSeconds=abc"));
    }

    [ContractFact]
    public async Task Watch_OfPodsInOneNamespace_SeesNoOther()
    {
        var first = await Client.CreatePodAsync(Run, "a");
        await Client.CreatePodAsync(Run + "-x", "b");
        await Client.CreatePodAsync(Run, "c");

        var events = await CollectAsync($"{ApiClient.PodsOf(Run)}?watch=true&timeoutSeconds=60&resourceVersion={first.ResourceVersion}", 1);

        Assert.Equal("c", (string)events[0].Content.Json["metadata"]!["name"]!);
    }

    private string Selected() => $"{NetworkSets}?labelSelector=run%3D{Run}";

    private async Task<List<WatchEvent>> CollectAsync(string pathAndQuery, int count)
    {
        var events = new List<WatchEvent>();
        await foreach (var change in Client.WatchAsync(pathAndQuery))
        {
            events.Add(change);
            if (events.Count == count)
                break;
        }

        return events;
    }

    private string[] Describe(IEnumerable<WatchEvent> events) =>
        [.. events.Select(change => $"{change.Type} {((string)change.Content.Json["metadata"]!["name"]!)[(Run.Length + 1)..]}")];

    private static long VersionOf(WatchEvent change) => long.Parse(change.Content.ResourceVersion);

    private static bool VersionsRise(List<WatchEvent> events) =>
        events.Zip(events.Skip(1)).All(pair => VersionOf(pair.First) < VersionOf(pair.Second));
}
