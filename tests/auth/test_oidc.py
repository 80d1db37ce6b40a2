"""What comes back from a provider is proved before it counts: signature, audience, state, code.

The provider is a real one, in a process of its own, honest or not.
"""

import json
from urllib.parse import parse_qs, urlsplit

import pytest
from flask import Flask
from flask.testing import FlaskClient

from chatapp.auth.oidc import discovery
from tests.auth.conftest import is_in
from tests.support.oidc_provider import ProviderServer
from tests.support.sign_in import BACK, ENTRY, START, configure, decide, rows, sign_in
from tests.support.web_client import post


@pytest.mark.parametrize(
    "fault", ["forged", "other-key", "none", "hs256", "audience", "party", "issuer", "nonce", "expired"]
)
def test_a_token_that_proves_nothing_is_refused(
    app: Flask, client: FlaskClient, provider: ProviderServer, fault: str
) -> None:
    provider.is_visited_by(fault=fault)
    answer = sign_in(client)
    assert answer.status_code == 400
    assert "The answer of Acme ID could not be trusted" in answer.text
    assert (rows(app), is_in(client)) == ((0, 0, 0), False)
    provider.is_visited_by()
    sign_in(client)
    assert is_in(client)


def test_facts_about_somebody_else_are_refused(app: Flask, client: FlaskClient, provider: ProviderServer) -> None:
    provider.is_visited_by(fault="subject", drop=("email",))
    assert sign_in(client).status_code == 400
    assert rows(app) == (0, 0, 0)


def test_a_new_key_of_the_provider_is_fetched_but_not_on_every_token(
    app: Flask, provider: ProviderServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    sign_in(app.test_client())
    monkeypatch.setattr(discovery, "_PAUSE", 600.0)
    provider.rotate_key()
    assert sign_in(app.test_client()).status_code == 400
    monkeypatch.setattr(discovery, "_PAUSE", 0.0)
    client = app.test_client()
    sign_in(client)
    assert is_in(client)


def test_a_state_is_good_once_and_in_its_own_browser(app: Flask, client: FlaskClient, provider: ProviderServer) -> None:
    back = decide(client.get(START).headers["Location"])
    stranger = app.test_client()
    stolen = stranger.get(back)
    assert stolen.status_code == 400
    assert "begun in another browser" in stolen.text
    assert client.get(back).status_code == 303
    post(client, "/logout", {})
    assert client.get(back).status_code == 400
    assert not is_in(client)


def test_a_code_is_good_once(app: Flask, client: FlaskClient, provider: ProviderServer) -> None:
    used = parse_qs(urlsplit(decide(client.get(START).headers["Location"])).query)["code"][0]
    begun = client.get(START).headers["Location"]
    state = parse_qs(urlsplit(begun).query)["state"][0]
    stolen = client.get(BACK, query_string={"state": state, "code": used, "iss": provider.issuer})
    assert stolen.status_code == 400
    assert "did not accept this log-in" in stolen.text
    assert rows(app) == (0, 0, 0)


@pytest.mark.parametrize("change", [{"iss": "https://evil.example"}, {"iss": None}, {"state": ""}, {"state": "é"}])
def test_an_answer_of_another_provider_is_refused(
    app: Flask, client: FlaskClient, provider: ProviderServer, change: dict[str, str | None]
) -> None:
    back = urlsplit(decide(client.get(START).headers["Location"]))
    brought = {name: values[0] for name, values in parse_qs(back.query).items()} | change
    query = {name: value for name, value in brought.items() if value is not None}
    assert client.get(back.path, query_string=query).status_code == 400
    assert rows(app) == (0, 0, 0)


def test_three_windows_may_log_in_at_once(client: FlaskClient, provider: ProviderServer) -> None:
    first, *_others, last = [client.get(START).headers["Location"] for _window in range(4)]
    assert client.get(decide(first)).status_code == 400
    assert client.get(decide(last)).status_code == 303


def test_who_cancels_is_told_so(app: Flask, client: FlaskClient, provider: ProviderServer) -> None:
    answer = sign_in(client, answer="no")
    assert answer.status_code == 403
    assert "You cancelled at Acme ID" in answer.text
    assert rows(app) == (0, 0, 0)


def test_a_provider_that_is_away_is_no_disaster(app: Flask, client: FlaskClient, provider: ProviderServer) -> None:
    configure(app, json.dumps([ENTRY | {"issuer": "http://127.0.0.1:9"}]))
    answer = client.get(START)
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "30")
    assert "Acme ID is not answering" in answer.text
    assert client.get("/login").status_code == 200


def test_a_provider_that_breaks_half_way_is_no_disaster(
    app: Flask, client: FlaskClient, provider: ProviderServer
) -> None:
    provider.is_visited_by(fault="broken")
    assert sign_in(client).status_code == 503
    assert rows(app) == (0, 0, 0)


@pytest.mark.parametrize("path", ["/.well-known/openid-configuration", "/jwks", "/token", "/userinfo"])
def test_a_provider_that_does_not_stop_is_cut_off(
    app: Flask, client: FlaskClient, provider: ProviderServer, monkeypatch: pytest.MonkeyPatch, path: str
) -> None:
    monkeypatch.setitem(app.extensions, "chatapp.oidc.discovered", {})
    provider.is_visited_by(fault=f"long {path}", drop=("email",))
    begun = client.get(START)
    refused = client.get(decide(begun.headers["Location"])) if begun.status_code == 303 else begun
    assert refused.status_code == 502
    assert "Acme ID sends more than a log-in needs" in refused.text
    assert rows(app) == (0, 0, 0)


def test_a_provider_that_calls_itself_something_else_is_not_used(
    app: Flask, client: FlaskClient, provider: ProviderServer
) -> None:
    configure(app, json.dumps([ENTRY | {"issuer": provider.issuer.replace("127.0.0.1", "localhost")}]))
    assert client.get(START).status_code == 503


def test_the_request_carries_state_nonce_and_a_hashed_verifier(client: FlaskClient, provider: ProviderServer) -> None:
    asked = parse_qs(urlsplit(client.get(START).headers["Location"]).query)
    assert asked["code_challenge_method"] == ["S256"]
    assert asked["scope"] == ["openid email profile"]
    assert asked["redirect_uri"] == [f"http://127.0.0.1{BACK}"]
    assert {len(asked[name][0]) for name in ("state", "nonce")} == {32}
    again = parse_qs(urlsplit(client.get(START).headers["Location"]).query)
    assert all(asked[name] != again[name] for name in ("state", "nonce", "code_challenge"))
