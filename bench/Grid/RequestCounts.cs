using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using KubePolicySemaphore.Bench.Load;

namespace KubePolicySemaphore.Bench.Grid;

/// <summary>How many requests of a resource an API server has answered, by its own count.</summary>
internal sealed partial class RequestCounts
{
    private readonly Dictionary<(string Verb, string Code), double> _counts;

    private RequestCounts(Dictionary<(string Verb, string Code), double> counts) => _counts = counts;

    public double All => _counts.Values.Sum();

    /// <summary>Those that were refused, lost races above all.</summary>
    public double Refused => _counts.Where(count => string.CompareOrdinal(count.Key.Code, "400") >= 0).Sum(count => count.Value);

    /// <summary>Those of these verbs.</summary>
    public double Of(params string[] verbs) => _counts.Where(count => verbs.Contains(count.Key.Verb)).Sum(count => count.Value);

    public static async Task<RequestCounts> ReadAsync(BareClient client, string resource, CancellationToken cancellationToken)
    {
        var text = Encoding.UTF8.GetString(await client.SendAsync(HttpMethod.Get, "/metrics", null, BareClient.Json, cancellationToken));
        var counts = new Dictionary<(string, string), double>();
        foreach (var line in text.Split('\n').Where(line => line.StartsWith("apiserver_request_total{", StringComparison.Ordinal)))
        {
            var labels = Label().Matches(line).ToDictionary(label => label.Groups[1].Value, label => label.Groups[2].Value);
            if (labels["resource"] != resource)
                continue;
            var key = (labels["verb"], labels["code"]);
            counts[key] = counts.GetValueOrDefault(key) + double.Parse(line[(line.LastIndexOf(' ') + 1)..], CultureInfo.InvariantCulture);
        }

        return new RequestCounts(counts);
    }

    public static RequestCounts operator -(RequestCounts left, RequestCounts right) =>
        new(left._counts.ToDictionary(count => count.Key, count => count.Value - right._counts.GetValueOrDefault(count.Key)));

    [GeneratedRegex("""([a-z_]+)="([^"]*)"(?:,|\})""")]
    private static partial Regex Label();
}
