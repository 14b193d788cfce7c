"""STUN and TURN from the environment."""

import json

import pytest

from ui.ice_servers import VARIABLE, IceServersError, ice_servers

TURN = {"urls": ["turn:turn.example.org:3478"], "username": "coach", "credential": "secret"}


def read(value: object) -> list[dict[str, object]]:
    return ice_servers({VARIABLE: value if isinstance(value, str) else json.dumps(value)})


def test_none_by_default() -> None:
    assert ice_servers({}) == []
    assert read("  ") == []
    assert read([]) == []


def test_servers_come_as_browsers_take_them() -> None:
    assert read([{"urls": "stun:stun.example.org"}, TURN]) == [
        {"urls": "stun:stun.example.org"},
        TURN,
    ]


@pytest.mark.parametrize(
    ("value", "word"),
    [
        ("{", "no JSON"),
        ({"urls": "stun:a"}, "list"),
        ([{"url": "stun:a"}], "urls"),
        ([{"urls": "https://a"}], "is no stun:"),
        ([{"urls": "stun:"}], "is no stun:"),
        ([{"urls": []}], "urls"),
        ([{"urls": "turn:a", "username": "me"}], "needs a username and a credential"),
        ([TURN | {"password": "x"}], "password"),
        ([TURN | {"username": 7}], "username"),
    ],
)
def test_a_wrong_setting_is_one_sentence_that_keeps_the_secret(value: object, word: str) -> None:
    with pytest.raises(IceServersError) as caught:
        read(value)
    sentence = str(caught.value)
    assert sentence.startswith(f"{VARIABLE} can't be used, because ")
    assert word in sentence
    assert "\n" not in sentence
    assert "secret" not in sentence
