"""Settings of one installation: ``KONWENT_*`` variables, checked before anything starts.

A secret may also come from a file (``KONWENT_TELEGRAM_TOKEN_FILE=/run/secrets/token``), as container platforms hand it over.
No ``.env`` file is read behind the operator's back, and no message here ever shows a value that could be secret.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, BeforeValidator, Field, SecretStr, ValidationError
from pydantic.fields import FieldInfo
from pydantic_settings import BaseSettings, NoDecode, PydanticBaseSettingsSource, SettingsConfigDict

from konwent_bot.errors import N_, Misconfigured

PREFIX = "KONWENT_"
#: Fields that may also be given as the path of a file, ``KONWENT_<FIELD>_FILE``.
SECRETS = ("telegram_token", "webhook_secret", "database_url", "smtp_url")
#: A larger "secret" is a wrong path (a log, a device), not a secret.
_SECRET_FILE_LIMIT = 64 * 1024

Role = Literal["chat", "web", "courier", "clockwork"]


def _url(value: str) -> str:
    parts = urlsplit(value)
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.query or parts.fragment:
        raise ValueError
    return value.rstrip("/")


def _zone(value: str) -> str:
    try:
        ZoneInfo(value)
    except (OSError, LookupError) as error:  # a folder of zones gives an OSError, a name no one knows a LookupError
        raise ValueError from error
    return value


def _address(value: str) -> str:
    if not re.fullmatch(r"[^@\s<>\"]+@[^@\s<>\"]+", value) or not value.isascii():
        raise ValueError
    return value


def _split(value: object) -> object:
    return tuple(part.strip() for part in value.split(",") if part.strip()) if isinstance(value, str) else value


def _absolute(path: Path) -> Path:
    return path.expanduser().absolute()


def _shaped(pattern: str) -> AfterValidator:
    def check(value: SecretStr) -> SecretStr:
        if not re.fullmatch(pattern, value.get_secret_value()):
            raise ValueError
        return value

    return AfterValidator(check)


Url = Annotated[str, AfterValidator(_url)]
Location = Annotated[Path, AfterValidator(_absolute)]


class _SecretFiles(PydanticBaseSettingsSource):
    """Reads ``KONWENT_<FIELD>_FILE`` for the secrets."""

    def get_field_value(self, field: FieldInfo, field_name: str) -> tuple[str | None, str, bool]:  # noqa: ARG002 - its shape
        """Give a secret from its file, if one is named."""
        return _from_file(field_name, os.environ), field_name, False

    def __call__(self) -> dict[str, object]:
        """Give every secret that stands in a file."""
        values = {name: _from_file(name, os.environ) for name in SECRETS}
        return {name: value for name, value in values.items() if value is not None}


class Settings(BaseSettings):
    """What the operator decides. Each field is the variable ``KONWENT_<FIELD>``; read them with ``load_settings``."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX, env_file=None, env_ignore_empty=True, extra="forbid", frozen=True, hide_input_in_errors=True
    )

    #: The bot's token, as BotFather gives it. Without one nothing can be said in Telegram.
    telegram_token: Annotated[SecretStr, _shaped(r"\d+:[\w-]+")] | None = None
    #: Base address of the Bot API: Telegram's, a local Bot API server's, or the sandbox's.
    telegram_api: Url = "https://api.telegram.org"
    #: How updates come: we ask for them, or Telegram calls ``public_url``.
    telegram_mode: Literal["polling", "webhook"] = "polling"
    #: Messages a second sent of our own accord, all chats together. Telegram takes 30; the rest is left to answers.
    telegram_rate: float = Field(default=25.0, gt=0, le=30)
    #: What Telegram repeats in the header of each webhook call (Bot API, setWebhook: 1-256 of A-Z a-z 0-9 _ -).
    webhook_secret: Annotated[SecretStr, _shaped(r"[A-Za-z0-9_-]{1,256}")] | None = None
    #: ``postgresql://...`` or ``sqlite:///file``; by default a file in ``data_dir`` (see ``database``).
    database_url: Annotated[SecretStr, _shaped(r"(sqlite|postgres(ql)?)(\+\w+)?:/\S+")] | None = None
    #: Folder of everything the program writes.
    data_dir: Location = Field(default=Path("konwent-data"), validate_default=True)
    #: Address people's browsers and Telegram reach us at, without a slash at the end.
    public_url: Url | None = None
    #: How many reverse proxies of ours stand in front: that many addresses at the end of ``X-Forwarded-For`` are theirs to say.
    trusted_proxies: int = Field(default=0, ge=0, le=9)
    #: Mail server letters go out by: ``smtp://user:password@host:587`` (STARTTLS where offered) or ``smtps://...:465``.
    smtp_url: Annotated[SecretStr, _shaped(r"smtps?://\S+")] | None = None
    #: Address letters come from, for example ``sekretariat@kis.example``.
    mail_from: Annotated[str, AfterValidator(_address)] | None = None
    #: Where the web server listens.
    host: str = Field(default="127.0.0.1", min_length=1)
    #: Its port; 0 takes a free one.
    port: int = Field(default=8080, ge=0, le=65535)
    #: Language for people who have not chosen one.
    language: Literal["pl", "en", "uk"] = "pl"
    #: Zone of local dates and hours.
    timezone: Annotated[str, AfterValidator(_zone)] = "Europe/Warsaw"
    #: Flows that replace the packed ones.
    flows_dir: Location | None = None
    #: A file with seconds to add to civil time (demo only).
    clock_file: Location | None = None
    #: The least that is logged.
    log_level: Literal["debug", "info", "warning", "error"] = "info"
    #: Lines for people or for a collector.
    log_format: Literal["console", "json"] = "console"
    #: Who runs this installation; stands in the privacy notice (GDPR art. 13).
    controller: str | None = None
    #: How that controller is reached about personal data.
    controller_contact: str | None = None
    #: Which parts this process runs, separated by commas.
    roles: Annotated[tuple[Role, ...], NoDecode, BeforeValidator(_split), Field(min_length=1)] = (
        "chat",
        "web",
        "courier",
        "clockwork",
    )

    @property
    def database(self) -> SecretStr:
        """Address of the database: ``database_url``, or else the file ``konwent.sqlite3`` in ``data_dir``."""
        return self.database_url or SecretStr(f"sqlite:///{self.data_dir / 'konwent.sqlite3'}")

    @property
    def embedded(self) -> bool:
        """Whether the database is our own default file, which we may migrate without asking."""
        return self.database_url is None

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003 - never read, see the top
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003 - a folder of secrets; ours are named one by one
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Read what the caller says, then the environment, then files with secrets."""
        return init_settings, env_settings, _SecretFiles(settings_cls)


#: What is wrong with a field, in a sentence that says what would be right.
_WRONG: Mapping[str, str] = {
    "telegram_token": N_("{variable} is not a bot token. A token looks like 123456:ABC-DEF and comes from BotFather."),
    "telegram_api": N_("{variable} must be an address that begins with http:// or https://."),
    "telegram_mode": N_("{variable} must be polling or webhook."),
    "telegram_rate": N_("{variable} must be a number above 0 and at most 30."),
    "webhook_secret": N_("{variable} must have 1 to 256 characters: letters A-Z, digits, _ and -."),
    "database_url": N_("{variable} must begin with sqlite:/// or postgresql://."),
    "data_dir": N_("{variable} must be the path of a folder."),
    "public_url": N_("{variable} must be an address that begins with http:// or https://."),
    "trusted_proxies": N_("{variable} must be a whole number from 0 to 9."),
    "smtp_url": N_("{variable} must begin with smtp:// or smtps://."),
    "mail_from": N_("{variable} must be one e-mail address, for example sekretariat@kis.example."),
    "host": N_("{variable} must be a host name or an address."),
    "port": N_("{variable} must be a whole number from 0 to 65535."),
    "language": N_("{variable} must be pl, en or uk."),
    "timezone": N_("{variable} must be the name of a time zone, for example Europe/Warsaw."),
    "flows_dir": N_("{variable} must be the path of a folder."),
    "clock_file": N_("{variable} must be the path of a file."),
    "log_level": N_("{variable} must be debug, info, warning or error."),
    "log_format": N_("{variable} must be console or json."),
    "controller": N_("{variable} must be a text."),
    "controller_contact": N_("{variable} must be a text."),
    "roles": N_("{variable} must name at least one of chat, web, courier and clockwork, separated by commas."),
}


def load_settings(**overrides: object) -> Settings:
    """Read the settings; an override (a field's name, as a command-line option gives it) wins unless it is ``None``.

    Raises ``Misconfigured`` naming every variable that is wrong and what would be right, never the value.
    """
    read: Callable[..., Settings] = Settings
    try:
        return read(**{name: value for name, value in overrides.items() if value is not None})
    except ValidationError as error:
        fields = dict.fromkeys(str(detail["loc"][0]) for detail in error.errors(include_input=False, include_context=False))
    unknown = [name for name in fields if name not in Settings.model_fields]
    if unknown:  # a slip in our own call, not the operator's
        raise TypeError(f"no such setting: {', '.join(unknown)}")
    problem, *others = (Misconfigured(_WRONG[name], variable=variable(name)) for name in fields)
    for other in others:
        problem = Misconfigured("{first} {second}", first=problem, second=other)
    raise problem


def variable(field: str) -> str:
    """Give the name of a field's environment variable."""
    return PREFIX + field.upper()


def unknown_variables(environ: Mapping[str, str] = os.environ) -> list[str]:
    """Give the ``KONWENT_*`` variables that set nothing: usually a slip of the pen, which ``doctor`` points out."""
    known = {variable(name) for name in Settings.model_fields} | {variable(name) + "_FILE" for name in SECRETS}
    return sorted(name for name in environ if name.upper().startswith(PREFIX) and name.upper() not in known)


def _from_file(field: str, environ: Mapping[str, str]) -> str | None:
    name = variable(field)
    path = environ.get(f"{name}_FILE")
    if not path:
        return None
    if environ.get(name):
        raise Misconfigured(N_("Both {variable} and {variable}_FILE are set. Please keep one of them."), variable=name)
    try:
        with Path(path).expanduser().open("rb") as file:
            content = file.read(_SECRET_FILE_LIMIT + 1)
        text = content.decode("utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise Misconfigured(
            N_("{variable}_FILE names {path}, which cannot be read as text. Please check the path and the rights."),
            variable=name,
            path=path,
        ) from error
    if not text or len(content) > _SECRET_FILE_LIMIT:
        raise Misconfigured(N_("{variable}_FILE names {path}, which is empty or far too long."), variable=name, path=path)
    return text
