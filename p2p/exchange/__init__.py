"""Exchange: files from elsewhere become rows we trust, and our rows become files.

bytes → `reading.read` → Sheet → `mapping.propose` → Mapping → `rows.read_rows` → Row: pure, no database, no request.
Row → `rules.Rules.facts` → `staging.stage` → Staged (reads) → `importing.write` → one operation (`bulk` writes it).
`jobs` does that beside the pages, `commands` from the shell.
"""
