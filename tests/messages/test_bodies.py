"""Text becomes safe HTML."""

from __future__ import annotations

import time
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatapp.messages.bodies import html_of, plain_of, rich_html_of
from tests.support.hostile import CORPUS

LINK = ' target="_blank" rel="noopener noreferrer nofollow ugc"'


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


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("a **bold** and *leaning* _word_", "a <strong>bold</strong> and <em>leaning</em> <em>word</em>"),
        ("**all *of* it**", "<strong>all <em>of</em> it</strong>"),
        ("2*3*4 = 24, snake_case_name, 5 * 3 * 1", "2*3*4 = 24, snake_case_name, 5 * 3 * 1"),
        ("say `a < *b*`", "say <code>a &lt; *b*</code>"),
        ("two\n\nlines", "two<br><br>lines"),
        ("so:\n\n- one\n* **two**\n\nend", "so:<ul><li>one</li><li><strong>two</strong></li></ul>end"),
        ("3. three\n4) four", '<ol start="3"><li>three</li><li>four</li></ol>'),
        ("> he said\n>so\nyes", "<blockquote>he said<br>so</blockquote>yes"),
        ("```js\nif (a < b) *c*\n\n  d\n```\nend", "<pre><code>if (a &lt; b) *c*\n\n  d</code></pre>end"),
        ("```\nnever <closed>", "<pre><code>never &lt;closed&gt;</code></pre>"),
        ("[our _page_](https://a.example/x_y)", f'<a href="https://a.example/x_y"{LINK}>our _page_</a>'),
        ("[x](javascript:alert(1)) [y](//a.example)", "[x](javascript:alert(1)) [y](//a.example)"),
        ("https://a.example/_b_*c*", f'<a href="https://a.example/_b_*c*"{LINK}>https://a.example/_b_*c*</a>'),
    ],
)
def test_agents_format_by_a_few_signs(text: str, html: str) -> None:
    assert str(rich_html_of(text)) == html


def test_in_one_line_the_signs_are_left_out() -> None:
    text = "> **Hi** _there_\n- [our page](https://a.example), `code`, 2*3"
    assert plain_of(text) == "Hi there\nour page, code, 2*3"


class Strict(HTMLParser):
    """Takes what the renderer may write, and nothing else."""

    ALLOWED = frozenset({"a", "blockquote", "br", "code", "em", "li", "ol", "pre", "span", "strong", "ul"})

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        found = dict(attributes)
        assert tag in self.ALLOWED, tag
        if tag == "a":
            assert set(found) == {"href", "target", "rel"}
            assert str(found["href"]).startswith(("https://", "http://"))
        elif tag == "span":
            assert found == {"class": "mention", "data-id": "7"}
        else:
            assert set(found) <= ({"start"} if tag == "ol" else set())

    def handle_comment(self, data: str) -> None:
        raise AssertionError(data)

    handle_decl = handle_pi = handle_comment


def check(text: str) -> None:
    parser = Strict(convert_charrefs=False)
    parser.feed(str(rich_html_of(text, (("7", "<b>Ada"),))))
    parser.close()


@pytest.mark.parametrize("frame", ["{}", "**{}**", "`{}`", "- {}", "> {}", "```\n{}", "[{}](https://a.example)"])
def test_no_hostile_text_makes_markup_of_its_own(frame: str) -> None:
    for text in CORPUS:
        check(frame.format(text))
        check(f"[x](https://a.example/{text})")


@given(st.text(alphabet=st.sampled_from("*_`[]()>-1. \n<\"'&@b/Ada:htps="), max_size=120))
def test_no_mixture_of_signs_makes_markup_of_its_own(text: str) -> None:
    check(text)
    plain_of(text)


@pytest.mark.parametrize(
    "sign", ["**a ", "*a ", "_a ", "[a", "`", "```\n", "> ", "*", "_", "**a*_", "*a**b", "[a](https://b"]
)
def test_the_longest_text_of_signs_takes_no_time(sign: str) -> None:
    began = time.process_time()
    rich_html_of(sign * (10_000 // len(sign)))
    assert time.process_time() - began < 1
