namespace KubePolicySemaphore.Silo.Demo;

/// <summary>A pod's change that arrived in Calico.</summary>
/// <param name="Time">When it arrived.</param>
/// <param name="Pod">The pod.</param>
/// <param name="What">What happened to it.</param>
/// <param name="Object">The object that changed.</param>
/// <param name="Net">The net, with <c>+</c> or <c>-</c>.</param>
/// <param name="Nets">How many nets the object has now.</param>
/// <param name="Took">Time from the pod's change.</param>
internal sealed record DemoChange(DateTimeOffset Time, string Pod, string What, string Object, string Net, int Nets, TimeSpan Took);
