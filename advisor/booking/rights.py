"""The rights over calls and hosts, by what they allow."""

READ_CALLS = "booking.view_call"
WORK_ON_CALLS = "booking.change_call"
READ_HOSTS = "booking.view_host"
CHANGE_HOSTS = "booking.change_host"
