"""Rita, who captures leads."""

import pytest

from tests.cast import RITA


@pytest.fixture
def rita(user):
    return user(RITA)
