"""Every component in every state, on one page: in development only."""

from __future__ import annotations

import json
from pathlib import Path

from flask import Blueprint, current_app, render_template

from accounts.guard import public
from core.errors import NotFound

blueprint = Blueprint("samples", __name__)


@blueprint.get("/_components")
@public
def components() -> str:
    if current_app.config["ENV"] == "production":
        raise NotFound()
    folder = Path(current_app.root_path) / "templates" / "dev"
    samples = json.loads((folder / "samples.json").read_text(encoding="utf-8"))
    return render_template("dev/components.html", samples=samples)
