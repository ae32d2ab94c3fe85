using KubePolicySemaphore.Silo.CommandLine;
using KubePolicySemaphore.Silo.Hosting.Tls;
using KubePolicySemaphore.TestBench;
using KubePolicySemaphore.TestBench.Servers;
using Microsoft.Extensions.Time.Testing;

namespace KubePolicySemaphore.Silo.Tests.Hosting.Tls;

public sealed class SiloCertificatesTests : IDisposable
{
    private const string Grid = "kube-policy-semaphore";

    private readonly string _folder = BenchFolders.CreateTemporary("silo-tls");
    private readonly CertificateAuthority _authority = new("silos");
    private readonly FakeTimeProvider _time = new();

    [Fact]
    public void Peer_OfOurAuthorityWithOurName_IsTrusted()
    {
        Write(_authority);

        Assert.True(Load().Current.Trusts(Peer(_authority, Grid)));
    }

    [Fact]
    public void Peer_OfAnotherAuthority_IsNotTrusted()
    {
        Write(_authority);
        using var another = new CertificateAuthority("strangers");

        Assert.False(Load().Current.Trusts(Peer(another, Grid)));
    }

    [Fact]
    public void Peer_OfOurAuthorityWithAnotherName_IsNotTrusted()
    {
        Write(_authority);

        Assert.False(Load().Current.Trusts(Peer(_authority, "payments")));
    }

    [Fact]
    public void Files_ThatChange_AreTakenUp()
    {
        Write(_authority);
        var certificates = Load();
        using var next = new CertificateAuthority("next");
        Write(next);
        _time.Advance(TimeSpan.FromSeconds(5));

        Assert.True(certificates.Current.Trusts(Peer(next, Grid)));
        Assert.False(certificates.Current.Trusts(Peer(_authority, Grid)));
    }

    [Theory]
    [InlineData("tls.crt")]
    [InlineData("tls.key")]
    [InlineData("ca.crt")]
    public void File_ThatBecomesGarbage_LeavesTheLastGoodOnesInForce(string file)
    {
        Write(_authority);
        var certificates = Load();
        File.WriteAllText(Path.Combine(_folder, file), "garbage");
        _time.Advance(TimeSpan.FromSeconds(5));

        Assert.True(certificates.Current.Trusts(Peer(_authority, Grid)));
    }

    [Fact]
    public void Key_OfAnotherCertificate_IsRefusedAtTheStart()
    {
        Write(_authority);
        File.WriteAllText(Path.Combine(_folder, "tls.key"), _authority.IssuePeer(Grid).Key);

        Assert.StartsWith("-silo-tls-dir: ", Assert.Throws<UsageException>(Load).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Folder_WithoutFiles_IsRefusedAtTheStart() =>
        Assert.Contains("tls.crt", Assert.Throws<UsageException>(Load).Message, StringComparison.Ordinal);

    public void Dispose()
    {
        _authority.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private SiloCertificates Load() => SiloCertificates.Load(_folder, _time);

    private void Write(CertificateAuthority authority)
    {
        var certificate = authority.IssuePeer(Grid);
        File.WriteAllText(Path.Combine(_folder, "tls.crt"), certificate.Certificate);
        File.WriteAllText(Path.Combine(_folder, "tls.key"), certificate.Key);
        File.WriteAllText(Path.Combine(_folder, "ca.crt"), authority.Pem);
    }

    private static System.Security.Cryptography.X509Certificates.X509Certificate2 Peer(CertificateAuthority authority, string name) =>
        System.Security.Cryptography.X509Certificates.X509Certificate2.CreateFromPem(authority.IssuePeer(name).Certificate);
}
