"""Luoshi: from a promise or a complaint to an independently verified closure.

Importing the package puts the bundled SQLite in place of the system's, before Django loads its
database driver: Debian's 3.40 has a known WAL-reset corruption race and finds no two-character
Chinese terms.
"""

import sys

import pysqlite3

sys.modules["sqlite3"] = pysqlite3
sys.modules["sqlite3.dbapi2"] = pysqlite3.dbapi2
