"""vCards, read and written by our own hand: 2.1, 3.0 (RFC 2426) and 4.0 (RFC 6350), and how programs really write them.

bytes → `lines.cards` → properties, a card each → `reading.read` → `Card`s; `Card` → `writing.written` → text.
"""
