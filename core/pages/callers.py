"""Where a request comes from, as limits count it."""

from __future__ import annotations

from ipaddress import IPv6Address, ip_address, ip_network

HOUSEHOLD = 64  # bits; a line of IPv6 gets at least so many addresses, and its owner picks any


def one_line(address: str) -> str:
    """The address, or for IPv6 the network of one line: 2001:db8::7 is "2001:db8::/64"."""
    try:
        found = ip_address(address)
    except ValueError:
        return address
    if not isinstance(found, IPv6Address):
        return str(found)
    if found.ipv4_mapped is not None:
        return str(found.ipv4_mapped)
    return str(ip_network((found.packed, HOUSEHOLD), strict=False))
