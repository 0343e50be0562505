"""Backups: a folder with the database, the files of people, and a list of both.

`manifest` the list · `database` PostgreSQL's own programs · `taking` · `restoring`
"""
