"""Exchange: files from elsewhere become rows we trust, and our rows become files.

bytes → `reading.read` → Sheet → `mapping.propose` → Mapping → `rows.read_rows` → Row.
All of it is pure: no database, no request.
"""
