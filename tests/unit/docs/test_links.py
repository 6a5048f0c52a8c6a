"""Every link from one document of the project to another leads somewhere."""

from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest

from tests.unit.docs.pages import PAGES, PROJECT, anchors, links, name

LOCAL = [(page, link) for page in PAGES for link in links(page) if not urlsplit(link).scheme]


def test_the_documents_are_found() -> None:
    assert {"README.md", "docs/operations.md", "docs/decisions.md"} <= {name(page) for page in PAGES}
    assert LOCAL


@pytest.mark.parametrize(("page", "link"), LOCAL, ids=[f"{name(page)}->{link}" for page, link in LOCAL])
def test_a_link_leads_to_a_file_and_to_a_heading_in_it(page: Path, link: str) -> None:
    parts = urlsplit(link)
    target = (page.parent / unquote(parts.path)).resolve() if parts.path else page
    assert target.exists() and target.is_relative_to(PROJECT)
    if parts.fragment:
        assert parts.fragment in anchors(target)


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_links_to_other_sites_are_encrypted(page: Path) -> None:
    assert not [link for link in links(page) if urlsplit(link).scheme not in ("", "https")]
