namespace KubePolicySemaphore.Interfaces.Addresses;

/// <summary>Why a text was refused as the address of a pod.</summary>
public enum AddressFault
{
    /// <summary>It was accepted.</summary>
    None,

    /// <summary>The text is not an IP address, or not in a form that formats back to itself.</summary>
    NotAnAddress,

    /// <summary>Loopback, link-local, multicast, unspecified or reserved: no pod has such an address.</summary>
    NotUnicast,
}
