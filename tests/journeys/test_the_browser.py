"""The gate itself: what would be wrong with a page is noticed, and the pages that anybody may open are clean."""

import pytest

from tests.journeys.conftest import axe, clean


def test_a_violation_of_the_content_policy_is_noticed(open_page, served, complaints):
    page = open_page(address=served.address)
    page.goto("/sign-in")
    page.evaluate("""() => { const bad = document.createElement('script'); bad.textContent = 'window.ran = 1';
                     document.body.append(bad) }""")
    assert page.evaluate("window.ran") is None
    assert any(one.startswith("policy: script-src") for one in axe(page))
    assert any("Content Security Policy" in one for one in complaints.found)
    complaints.expect("Content Security Policy")


@pytest.mark.parametrize("javascript", [True, False])
def test_a_fault_of_accessibility_is_noticed_with_and_without_javascript(open_page, javascript):
    page = open_page(javascript=javascript)
    page.set_content("<html><body><img src='data:,'><p style='color:#eee'>pale</p></body></html>")
    found = " ".join(axe(page))
    assert "image-alt" in found
    assert "color-contrast" in found
    page.set_content("<html lang='en'><title>Mended</title><main><h1>Mended</h1></main></html>")
    assert axe(page) == []
    page.evaluate("document.querySelector('h1').innerHTML = '<img src=\"data:,\">'")
    assert "image-alt" in " ".join(axe(page))


def test_the_page_for_signing_in_is_clean_with_and_without_javascript(page):
    page.goto("/sign-in")
    assert axe(page) == []


def test_the_page_for_signing_in_is_clean_on_a_phone_and_on_a_desk(open_page, served):
    page = open_page(address=served.address, width=360)
    page.goto("/sign-in")
    clean(page)
