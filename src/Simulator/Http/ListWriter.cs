using System.Buffers;
using System.IO.Pipelines;
using System.Text;

namespace KubePolicySemaphore.Simulator;

/// <summary>Writes a page of a list straight from the stored bytes.</summary>
internal static class ListWriter
{
    private const int FlushBytes = 64 * 1024;

    public static async Task WriteAsync(PipeWriter output, ServedResource resource, ListPage page, CancellationToken cancellationToken)
    {
        output.Write(Encoding.UTF8.GetBytes(
            $"{{\"kind\":\"{resource.Type.Kind}List\",\"apiVersion\":\"{resource.ApiVersion}\",\"metadata\":{{\"resourceVersion\":\"{page.ResourceVersion}\""
            + (page.Continue is null ? "" : $",\"continue\":\"{page.Continue.Encode()}\"")
            + (page.Remaining is null ? "" : $",\"remainingItemCount\":{page.Remaining}")
            + "},\"items\":["));
        for (var i = 0; i < page.Items.Count; i++)
        {
            if (i > 0)
                output.Write(","u8);
            page.Items[i].WriteTo(output, resource.ItemTypeMeta, page.Items[i].ResourceVersion);
            if (output.UnflushedBytes > FlushBytes)
                await output.FlushAsync(cancellationToken).ConfigureAwait(false);
        }

        output.Write("]}\n"u8);
        await output.FlushAsync(cancellationToken).ConfigureAwait(false);
    }
}
