"""The mutations fit the code they are to break; ``make crashes`` makes them."""

import pytest

from tests.exchange.crash.mutants import MUTATIONS
from tests.exchange.crash.pieces import Mutation
from tests.surroundings import ROOT


@pytest.mark.parametrize("mutation", MUTATIONS, ids=lambda mutation: mutation.name)
def test_a_mutation_still_finds_what_it_breaks(mutation: Mutation) -> None:
    for file, old, _ in mutation.changes:
        assert (ROOT / file).read_text("utf-8").count(old) == 1, file
