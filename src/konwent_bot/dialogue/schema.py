"""The published JSON Schema of flow files: made from the models, committed in ``flows/schema``, held equal by a test."""

from __future__ import annotations

import json

from konwent_bot.dialogue.model import FlowFile


def flow_schema() -> str:
    """Give the text of ``flows/schema/flow.schema.json``, for editors that complete and check TOML by schema."""
    schema = FlowFile.model_json_schema(by_alias=True)
    return json.dumps({"$schema": "https://json-schema.org/draft/2020-12/schema", **schema}, ensure_ascii=False, indent=2) + "\n"
