"""Text becomes safe HTML."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatapp.messages.bodies import html_of


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("plain", "plain"),
        ("two\nlines", "two<br>lines"),
        ("<b>bold</b>", "&lt;b&gt;bold&lt;/b&gt;"),
        ("\"quoted\" & 'so'", "&#34;quoted&#34; &amp; &#39;so&#39;"),
        ("javascript:alert(1)", "javascript:alert(1)"),
    ],
)
def test_everything_is_escaped(text: str, html: str) -> None:
    assert str(html_of(text)) == html


def test_an_address_becomes_a_link_without_the_full_stop_behind_it() -> None:
    html = str(html_of("See https://example.com/a?b=1&c=2."))
    assert 'href="https://example.com/a?b=1&amp;c=2"' in html
    assert html.endswith("</a>.")
    assert 'rel="noopener noreferrer nofollow ugc"' in html


@given(st.text(alphabet=st.sampled_from("<>\"'&=/:h tps.\nonerr(1)`"), max_size=80))
def test_no_text_makes_a_tag_or_an_attribute_of_its_own(text: str) -> None:
    rest = str(html_of(text))
    for allowed in ("<br>", "</a>"):
        rest = rest.replace(allowed, "")
    while '<a href="http' in rest:
        before, _, after = rest.partition('<a href="http')
        address, _, tail = after.partition('" target="_blank" rel="noopener noreferrer nofollow ugc">')
        assert '"' not in address
        rest = before + tail
    assert "<" not in rest
    assert '"' not in rest
