"""What the tests of the search page share: one published site, served and on a plain file host."""

from collections.abc import Iterator

import pytest
from search_site import Hosts, hosts, publish


@pytest.fixture(scope="session")
def site(tmp_path_factory) -> Iterator[Hosts]:
    with hosts(publish(tmp_path_factory.mktemp("search-site"))) as made:
        yield made
