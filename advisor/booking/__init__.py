"""When they talk: hosts, their hours, free half hours, calls and calendar files."""
