using System.Globalization;

namespace KubePolicySemaphore.Bench.Measuring;

/// <summary>Memory of another process, as the kernel counts it. In MB of 1,000,000 bytes.</summary>
internal sealed record ProcessMemory(double Resident, double Peak)
{
    public static ProcessMemory Read(int processId)
    {
        var lines = File.ReadAllLines(string.Create(CultureInfo.InvariantCulture, $"/proc/{processId}/status"));
        return new ProcessMemory(Megabytes("VmRSS:"), Megabytes("VmHWM:"));

        double Megabytes(string field) => double.Parse(
            lines.Single(line => line.StartsWith(field, StringComparison.Ordinal))[field.Length..].Replace("kB", "", StringComparison.Ordinal),
            CultureInfo.InvariantCulture) * 1024 / 1e6;
    }
}
