"""What staff do with a guide where Django admin's forms do not fit: pages of our own inside the admin."""
