from advisor.booking.admin import accounts, calls, hosts

__all__ = ["accounts", "calls", "hosts"]
