namespace KubePolicySemaphore.Bench.Grid;

/// <summary>How much a grid has to watch.</summary>
/// <param name="Clusters">Cluster entries.</param>
/// <param name="Sets">Sets of each.</param>
/// <param name="Pods">Pods of each set.</param>
internal sealed record GridSize(int Clusters, int Sets, int Pods)
{
    public int AllSets => Clusters * Sets;

    public int AllPods => AllSets * Pods;
}
