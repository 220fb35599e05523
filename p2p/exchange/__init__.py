"""Exchange: files from elsewhere become rows we trust, and our rows become files.

bytes → `reading.read` → Sheet → `mapping.propose` → Mapping → `rows.read_rows` → Row: pure, no database, no request.
Row → `kind.stage` → Staged (reads) → `importing.write` → `kind.write` → one operation (`bulk` writes it).
A *kind* (`kinds.KINDS`) declares its fields, how rows are judged and how they are written; all else is shared.
`runs` does that beside the pages, `commands` from the shell.
"""
