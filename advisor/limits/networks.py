"""Which network a public form comes from: wider than one address, which somebody can change as they like."""

from ipaddress import ip_network

from django.http import HttpRequest

from advisor.hosting import network_of

NETWORK_BITS = {4: 24, 6: 48}
"""How much of an address names the network, by its version: as much as a provider hands out at once."""


def wide_network_of(request: HttpRequest) -> str:
    """The network that a request comes from: ``203.0.113.0/24``; "" where no address can be read, as one network."""
    if not (address := network_of(request)):
        return ""
    network = ip_network(address)
    return str(network.supernet(new_prefix=NETWORK_BITS[network.version]))
