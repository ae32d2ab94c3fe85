namespace KubePolicySemaphore.Simulator;

/// <summary>Finds the objects of one page of a list.</summary>
internal static class ListReader
{
    private const int Block = 1024;

    public static ListPage Read(ObjectTable table, ObjectSelector selector, ListOptions options)
    {
        var snapshot = SnapshotFor(table, selector, options);
        var start = snapshot.IndexFrom(selector.Prefix + options.Continue?.Start);
        // '0' is the character after '/', so this is the first key behind the namespace.
        var end = selector.Prefix.Length == 0 ? snapshot.Objects.Count : snapshot.IndexFrom(selector.Prefix[..^1] + "0");
        var limit = IsServedFromCache(options) ? 0 : options.Limit;

        var items = new List<StoredObject>(selector.IsFiltered ? 0 : (int)Math.Min(end - start, limit == 0 ? int.MaxValue : limit));
        var next = Collect(snapshot, selector, start, end, limit, items);
        if (next >= end)
            return new ListPage(items, snapshot.ResourceVersion, null, null);

        table.Pin(snapshot);
        // A name followed by NUL is the smallest key after the last one read.
        var last = snapshot.Objects[next - 1].Key[selector.Prefix.Length..] + "\0";
        var token = new ContinueToken(snapshot.ResourceVersion, last, (options.Continue?.Page ?? 1) + 1);
        return new ListPage(items, snapshot.ResourceVersion, token, selector.IsFiltered ? null : end - next);
    }

    /// <summary>Returns the index of the first object that was not looked at.</summary>
    private static int Collect(TableSnapshot snapshot, ObjectSelector selector, int start, int end, long limit, List<StoredObject> items)
    {
        var block = new StoredObject[Block];
        while (start < end)
        {
            var count = Math.Min(Block, end - start);
            snapshot.Objects.CopyTo(start, block, 0, count);
            for (var i = 0; i < count; i++)
            {
                if (!selector.Matches(block[i]))
                    continue;
                items.Add(block[i]);
                if (items.Count == limit)
                    return start + i + 1;
            }

            start += count;
        }

        return end;
    }

    private static TableSnapshot SnapshotFor(ObjectTable table, ObjectSelector selector, ListOptions options)
    {
        if (options.Continue is { } token)
        {
            if (options.ResourceVersion is not ("" or "0"))
                throw ApiError.BadRequest("specifying resource version is not allowed when using continue");
            return token.ResourceVersion < 0 ? table.Current : table.At(token.ResourceVersion) ?? throw ExpiredContinue(token);
        }

        var current = table.Current;
        var version = options.Version;
        var exact = options.Match == "Exact" || (options.Limit > 0 && options.Match.Length == 0 && version > 0);
        if (exact)
        {
            if (version > current.ResourceVersion)
                throw ApiError.Internal("etcdserver: mvcc: required revision is a future revision");
            return table.At(version) ?? throw ApiError.Expired("The resourceVersion for the provided list is too old.");
        }

        return version <= current.ResourceVersion ? current : throw ApiError.VersionTooLarge(version, current.ResourceVersion);
    }

    // resourceVersion=0 asks the watch cache, which knows no pages.
    private static bool IsServedFromCache(ListOptions options) => options.ResourceVersion == "0" && options.Continue is null;

    /// <summary>The token in this answer goes on behind the pages already read, but in the newest snapshot.</summary>
    private static ApiError ExpiredContinue(ContinueToken token) => new(
        410,
        "Expired",
        "The provided continue parameter is too old to display a consistent list result. You can start a new list without the continue "
            + "parameter, or use the continue token in this response to retrieve the remainder of the results. Continuing with the provided token "
            + "results in an inconsistent list - objects that were created, modified, or deleted between the time the first chunk was returned "
            + "and now may show up in the list.")
    {
        FreshToken = token with { ResourceVersion = -1 },
    };
}
