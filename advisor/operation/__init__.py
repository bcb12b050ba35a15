"""What keeps the site running: backups, restoring them, and a check of everything it stands on."""
