"""Find: one box over every noun. `words` says by what, `kinds` of which nouns, `indexing` keeps the index of it right.

Whoever imports this room has the index kept from then on.
"""

from p2p.search.indexing import keeping as keeping
