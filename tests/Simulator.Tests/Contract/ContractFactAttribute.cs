using KubePolicySemaphore.TestBench;
using Xunit.Abstractions;
using Xunit.Sdk;

namespace KubePolicySemaphore.Simulator.Tests.Contract;

/// <summary>A fact of the contract: skipped in classes marked <see cref="OnRealApiServerAttribute"/> where there is none.</summary>
[XunitTestCaseDiscoverer("KubePolicySemaphore.Simulator.Tests.Contract.ContractFactDiscoverer", "KubePolicySemaphore.Simulator.Tests")]
public sealed class ContractFactAttribute : FactAttribute;

/// <summary>Marks the classes whose facts need the real binaries.</summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class OnRealApiServerAttribute : Attribute;

public sealed class ContractFactDiscoverer(IMessageSink sink) : FactDiscoverer(sink)
{
    protected override IXunitTestCase CreateTestCase(ITestFrameworkDiscoveryOptions discoveryOptions, ITestMethod testMethod, IAttributeInfo factAttribute) =>
        new ContractTestCase(DiagnosticMessageSink, discoveryOptions.MethodDisplayOrDefault(), discoveryOptions.MethodDisplayOptionsOrDefault(), testMethod);
}

public sealed class ContractTestCase : XunitTestCase
{
    [Obsolete("For deserialization only.")]
    public ContractTestCase()
    {
    }

    public ContractTestCase(IMessageSink sink, Xunit.Sdk.TestMethodDisplay display, Xunit.Sdk.TestMethodDisplayOptions options, ITestMethod method)
        : base(sink, display, options, method)
    {
    }

    protected override string GetSkipReason(IAttributeInfo factAttribute) =>
        TestMethod.TestClass.Class.GetCustomAttributes(typeof(OnRealApiServerAttribute)).Any()
            ? new RealApiServerFactAttribute().Skip
            : base.GetSkipReason(factAttribute);
}
