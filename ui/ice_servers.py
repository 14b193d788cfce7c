"""STUN and TURN servers, for those who serve others: from the environment, none by default."""

import json
import os
from collections.abc import Mapping
from typing import Any, Final

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError, model_validator

from vision.errors import CoachError, Sentence

VARIABLE: Final = "TSTROKE_ICE_SERVERS"

_EXAMPLE: Final = '[{"urls": "stun:stun.example.org:3478"}]'


class IceServersError(CoachError):
    """The setting is none that a browser could use."""


class _Server(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)

    urls: str | list[str] = Field(min_length=1)
    username: str | None = None
    credential: str | None = None

    @model_validator(mode="after")
    def _is_complete(self) -> "_Server":
        urls = [self.urls] if isinstance(self.urls, str) else self.urls
        for url in urls:
            scheme, _, host = url.partition(":")
            if scheme not in ("stun", "stuns", "turn", "turns") or not host:
                raise ValueError(f"{url!r} is no stun:, stuns:, turn: or turns: address")
            if scheme.startswith("turn") and not (self.username and self.credential):
                raise ValueError(f"{url!r} needs a username and a credential")
        return self


_SERVERS: Final = TypeAdapter(list[_Server])


def ice_servers(environment: Mapping[str, str] | None = None) -> list[dict[str, Any]]:
    """The servers that are configured, as browsers take them; an empty list for none.

    Raises IceServersError with one sentence on what is wrong.
    """
    value = (os.environ if environment is None else environment).get(VARIABLE, "").strip()
    if not value:
        return []
    try:
        servers = _SERVERS.validate_python(json.loads(value))
    except json.JSONDecodeError as error:
        reason = f"{error.msg}, {error.pos + 1}"
        raise _wrong(
            Sentence("it is no JSON ({reason})", key="error.no_json", reason=reason)
        ) from error
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(str(part) for part in first["loc"])
        said = str(first["msg"]).removeprefix("Value error, ")
        raise _wrong(f"{place}: {said}" if place else said) from error
    return [server.model_dump(exclude_none=True) for server in servers]


def _wrong(why: str) -> IceServersError:
    return IceServersError(
        "{variable} can't be used, because {why}: give a list of servers such as {example}, "
        "or unset it to connect without any.",
        key="error.ice_servers",
        variable=VARIABLE,
        why=why,
        example=_EXAMPLE,
    )
