"""Who is involved: team, contacts, competitors."""
