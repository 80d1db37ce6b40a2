"""OIDC_PROVIDERS: what the operator writes, and what stops the boot."""

import dataclasses
import json
import re
from collections.abc import Callable

import pytest
from flask import Flask

from chatapp.auth import oidc
from chatapp.config import ConfigError
from tests.support.oidc_provider import ProviderServer
from tests.support.sign_in import ENTRY, configure


def test_google_needs_no_more_than_id_and_secret(app: Flask, provider: ProviderServer) -> None:
    configure(app, json.dumps([{"name": "google", "client_id": "a", "client_secret": "b"}]))
    with app.app_context():
        (google,) = oidc.providers()
    assert (google.label, google.issuer) == ("Google", "https://accounts.google.com")


GOOD = ENTRY | {"issuer": "https://login.example.com"}


@pytest.mark.parametrize(
    ("setting", "sentence"),
    [
        ("{", "is not JSON"),
        ("{}", "must be a JSON list"),
        ([1], "must be a JSON list"),
        ([{}], "a name is small letters"),
        ([GOOD | {"name": "A/B"}], "a name is small letters"),
        ([GOOD | {"client_secret": " "}], "acme-id needs a client_secret"),
        ([{"name": "google", "client_id": "x"}], "google needs a client_secret"),
        ([{key: value for key, value in GOOD.items() if key != "issuer"}], "acme-id needs a issuer"),
        ([GOOD | {"isuer": "x"}], "has a key 'isuer'"),
        ([GOOD | {"issuer": "login.example.com"}], "the issuer of acme-id must be an address"),
        ([GOOD | {"issuer": "https://[/"}], "the issuer of acme-id must be an address"),
        ([GOOD | {"label": "x" * 41}], "more than 40 characters"),
        ([GOOD, GOOD | {"issuer": "https://other.example"}], "two providers with the same name"),
        ([GOOD, GOOD | {"name": "other"}], "two providers with the same issuer"),
    ],
)
def test_a_malformed_setting_stops_the_boot_with_a_sentence(app: Flask, setting: object, sentence: str) -> None:
    with pytest.raises(ConfigError, match=re.escape(sentence)):
        configure(app, setting if isinstance(setting, str) else json.dumps(setting))


def test_in_production_providers_speak_https(app: Flask) -> None:
    config = app.extensions["chatapp.config"]
    unsafe = json.dumps([GOOD | {"issuer": "http://login.example.com"}])
    make: Callable[..., object] = lambda **changes: dataclasses.replace(config, oidc_providers=unsafe, **changes)  # noqa: E731
    with pytest.raises(ConfigError, match="must be an address such as https"):
        oidc.init_app(app, make(env="production"))
