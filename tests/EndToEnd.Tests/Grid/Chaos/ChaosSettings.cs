using System.Globalization;

namespace KubePolicySemaphore.EndToEnd.Tests.Grid.Chaos;

/// <summary>What the environment sets of the scenarios; the defaults suit a run of all tests.</summary>
internal static class ChaosSettings
{
    /// <summary><c>KPS_TEST_KILLS</c>: how many silos are killed, one every 20 s.</summary>
    public static int Kills => Number("KPS_TEST_KILLS") ?? 5;

    /// <summary><c>KPS_TEST_PARTITION</c>: how many seconds silos are kept apart.</summary>
    public static TimeSpan Partition => TimeSpan.FromSeconds(Number("KPS_TEST_PARTITION") ?? 60);

    /// <summary><c>KPS_TEST_SEED</c> makes a run's changes those of an earlier one; else each run has others.</summary>
    public static int Seed() => Number("KPS_TEST_SEED") ?? Random.Shared.Next();

    private static int? Number(string variable) =>
        Environment.GetEnvironmentVariable(variable) is { Length: > 0 } text ? int.Parse(text, CultureInfo.InvariantCulture) : null;
}
