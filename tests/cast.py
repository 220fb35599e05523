"""The people of the tests: one for each role, and a rival for the same records. The demo knows them, too."""

from dataclasses import dataclass

PASSWORD = "correct horse battery staple"


@dataclass(frozen=True)
class Character:
    """Somebody of the cast."""

    name: str
    email: str
    role: str


ADA = Character("Ada Brunner", "ada@example.com", "administrator")
MAX = Character("Max Keller", "max@example.com", "manager")
RITA = Character("Rita Sommer", "rita@example.com", "representative")
ROLF = Character("Rolf Weber", "rolf@example.com", "representative")
VERA = Character("Vera Lang", "vera@example.com", "viewer")
CAST = (ADA, MAX, RITA, ROLF, VERA)
