"""How often something public may be done, from where: counted in the database, so that all machines count together."""
