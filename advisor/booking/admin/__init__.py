from advisor.booking.admin import calls, hosts

__all__ = ["calls", "hosts"]
