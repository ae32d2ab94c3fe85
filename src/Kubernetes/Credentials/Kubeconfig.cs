using System.Globalization;
using KubePolicySemaphore.Grains.Pods;
using KubePolicySemaphore.Kubernetes.Http;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace KubePolicySemaphore.Kubernetes.Credentials;

/// <summary>
/// Reads the fields of a kubeconfig that matter here
/// (https://kubernetes.io/docs/reference/config-api/kubeconfig.v1), among them <c>tokenFile</c> and <c>proxy-url</c>,
/// which the client library leaves out.
/// </summary>
internal static class Kubeconfig
{
    /// <summary>Takes the named context out of a kubeconfig's text.</summary>
    /// <param name="text">The file's text.</param>
    /// <param name="path">The file; relative paths in it are relative to its folder.</param>
    /// <param name="context">The context's name; null for the current one.</param>
    /// <exception cref="ApiServerException">It is no kubeconfig, or lacks the context, its cluster or its user.</exception>
    public static KubeconfigEntry Parse(string text, string path, string? context)
    {
        try
        {
            return Parse(Root(text, path), path, context);
        }
        catch (YamlException exception)
        {
            // The parser's message may quote the file.
            throw Fault(path, string.Create(CultureInfo.InvariantCulture, $"line {exception.Start.Line} is not valid YAML"));
        }
    }

    private static KubeconfigEntry Parse(YamlMappingNode root, string path, string? context)
    {
        var name = context ?? Text(root, "current-context")
            ?? throw Fault(path, "has no current-context; name one with 'context'");
        var chosen = Named(root, "contexts", "context", name, path);
        var cluster = Named(root, "clusters", "cluster", Text(chosen, "cluster") ?? "", path);
        var user = Text(chosen, "user") is { Length: > 0 } userName ? Named(root, "users", "user", userName, path) : [];
        return new KubeconfigEntry
        {
            Server = Text(cluster, "server") ?? throw Fault(path, $"the cluster of context '{name}' has no server"),
            CaFile = PathOf(cluster, "certificate-authority", path),
            CaData = Text(cluster, "certificate-authority-data"),
            TlsServerName = Text(cluster, "tls-server-name"),
            ProxyUrl = Text(cluster, "proxy-url"),
            SkipTlsVerify = Text(cluster, "insecure-skip-tls-verify") is "true",
            Token = Text(user, "token"),
            TokenFile = PathOf(user, "tokenFile", path),
            ClientCertificateFile = PathOf(user, "client-certificate", path),
            ClientCertificateData = Text(user, "client-certificate-data"),
            ClientKeyFile = PathOf(user, "client-key", path),
            ClientKeyData = Text(user, "client-key-data"),
            UserName = Text(user, "username"),
            Password = Text(user, "password"),
            AuthProvider = Map(user, "auth-provider") is { } provider ? Text(provider, "name") ?? "" : null,
            Exec = Map(user, "exec") is { } exec ? ExecOf(exec) : null,
        };
    }

    private static KubeconfigExec ExecOf(YamlMappingNode exec) => new(
        Text(exec, "command") ?? "",
        [.. Items(exec, "args").OfType<YamlScalarNode>().Select(node => node.Value ?? "")],
        [.. Items(exec, "env").OfType<YamlMappingNode>()
            .Select(node => KeyValuePair.Create(Text(node, "name") ?? "", Text(node, "value") ?? ""))],
        Text(exec, "apiVersion") ?? "");

    private static YamlMappingNode Root(string text, string path)
    {
        var yaml = new YamlStream();
        yaml.Load(new StringReader(text));
        return yaml.Documents is [{ RootNode: YamlMappingNode root }, ..] ? root : throw Fault(path, "is not a kubeconfig");
    }

    private static YamlMappingNode Named(YamlMappingNode root, string list, string field, string name, string path) =>
        Items(root, list).OfType<YamlMappingNode>().Where(item => Text(item, "name") == name).Select(item => Map(item, field) ?? []).FirstOrDefault()
        ?? throw Fault(path, $"has no {field} '{name}'");

    private static YamlNode? Node(YamlMappingNode map, string key) => map.Children.TryGetValue(new YamlScalarNode(key), out var node) ? node : null;

    private static string? Text(YamlMappingNode map, string key) => Node(map, key) is YamlScalarNode { Value.Length: > 0 } scalar ? scalar.Value : null;

    private static YamlMappingNode? Map(YamlMappingNode map, string key) => Node(map, key) as YamlMappingNode;

    private static IEnumerable<YamlNode> Items(YamlMappingNode map, string key) => Node(map, key) as YamlSequenceNode ?? [];

    private static string? PathOf(YamlMappingNode map, string key, string path) =>
        Text(map, key) is { } value ? Path.Combine(Path.GetDirectoryName(Path.GetFullPath(path))!, value) : null;

    private static ApiServerException Fault(string path, string what) => new(ClusterFailureReason.Credentials, $"kubeconfig {path}: {what}");
}
