"""Check workshop/values.yaml against the schema of Zero to JupyterHub's chart.

    python scripts/check_values.py CHART

CHART is the chart's folder, or its values.schema.yaml: `helm pull jupyterhub/jupyterhub --version
4.3.5 --untar`, or a checkout of jupyterhub/zero-to-jupyterhub-k8s at that tag. The schema is large
and not ours, so it is not kept here; tests/workshop/test_values.py knows the names that we use.
"""

import json
import sys
from pathlib import Path

import yaml  # type: ignore[import-untyped]
from jsonschema import Draft7Validator  # type: ignore[import-untyped]

VALUES = Path(__file__).resolve().parents[1] / "workshop" / "values.yaml"


def schema(chart: Path) -> object:
    """Return the schema: a packed chart has it as JSON, a checkout as YAML."""
    for name in ("values.schema.json", "values.schema.yaml"):
        file = chart / name if chart.is_dir() else chart
        if file.is_file():
            text = file.read_text(encoding="utf-8")
            return json.loads(text) if file.suffix == ".json" else yaml.safe_load(text)
    raise SystemExit(f"No values.schema.json and no values.schema.yaml in {chart}.")


def main() -> int:
    if len(sys.argv) != 2:
        raise SystemExit("Which chart? Try: python scripts/check_values.py CHART")
    values = yaml.safe_load(VALUES.read_text(encoding="utf-8"))
    errors = Draft7Validator(schema(Path(sys.argv[1]))).iter_errors(values)
    found = [one for one in errors if one.validator != "required"]  # helm fills in the defaults
    for error in found:
        print(f"{'.'.join(map(str, error.absolute_path)) or 'values'}: {error.message}")
    print(f"{VALUES.name}: {len(found)} places that the chart does not take")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
