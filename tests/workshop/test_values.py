"""The values for Kubernetes: names that the chart knows, and what only a pod would show.

`python scripts/check_values.py CHART` holds them against the chart's whole schema.
"""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml  # type: ignore[import-untyped]

ROOT = Path(__file__).resolve().parents[2]
TEXT = (ROOT / "workshop" / "values.yaml").read_text(encoding="utf-8")
VALUES: dict[str, Any] = yaml.safe_load(TEXT)
CHART = "4.3.5"
# What the chart takes where it takes nothing else, trimmed to what a class may use.
KNOWN = {
    "": "cull custom debug global hub ingress prePuller proxy rbac scheduling singleuser",
    "singleuser": "cmd cpu defaultUrl extraContainers extraEnv extraFiles image initContainers "
    "lifecycleHooks memory networkPolicy nodeSelector profileList startTimeout storage",
    "singleuser.image": "name pullPolicy pullSecrets tag",
    "singleuser.memory": "guarantee limit",
    "singleuser.cpu": "guarantee limit",
    "singleuser.storage": "capacity dynamic extraVolumeMounts extraVolumes homeMountPath "
    "static type",
    "singleuser.networkPolicy": "allowedIngressPorts egress egressAllowRules enabled ingress",
    "singleuser.networkPolicy.egressAllowRules": "cloudMetadataServer dnsPortsPrivateIPs "
    "nonPrivateIPs privateIPs",
    "cull": "adminUsers concurrency enabled every maxAge removeNamedServers timeout users",
    "prePuller": "continuous extraImages hook",
    "prePuller.hook": "enabled nodeSelector pullOnlyOnChanges resources tolerations",
    "prePuller.continuous": "enabled",
    "proxy": "chp https service traefik",
    "proxy.service": "annotations loadBalancerIP loadBalancerSourceRanges nodePorts type",
    "proxy.https": "enabled hosts letsencrypt manual secret type",
    "proxy.https.letsencrypt": "acmeServer contactEmail",
    "hub": "activeServerLimit concurrentSpawnLimit config db extraConfig extraContainers extraEnv "
    "extraFiles extraVolumes image loadRoles networkPolicy resources service services",
    "hub.service": "annotations extraPorts ports type",
    "hub.networkPolicy": "allowedIngressPorts egress egressAllowRules enabled ingress",
}


def names(values: dict[str, Any], path: str = "") -> Iterator[tuple[str, str]]:
    """Yield each name in *values* that a closed part of the chart must know, with that part."""
    for name, value in values.items():
        if path in KNOWN:
            yield path, name
        if isinstance(value, dict):
            yield from names(value, f"{path}.{name}".strip("."))


def test_the_chart_knows_every_name() -> None:
    assert [(part, name) for part, name in names(VALUES) if name not in KNOWN[part].split()] == []
    assert {part for part, _ in names(VALUES)} == KNOWN.keys()


def test_the_version_that_was_checked_is_the_one_to_install() -> None:
    assert f"Chart {CHART}" in TEXT
    assert f"--version {CHART}" in TEXT


def test_learners_and_board_come_from_one_image() -> None:
    image, [board] = VALUES["singleuser"]["image"], VALUES["hub"]["extraContainers"]
    assert board["image"] == f"{image['name']}:{image['tag']}"
    assert board["command"] == ["python", "-m", "loopcheck", "board", "--serve"]


def test_the_board_is_found_where_the_hub_looks_for_it() -> None:
    hub, env = VALUES["hub"], VALUES["singleuser"]["extraEnv"]
    [name], [port] = hub["services"], hub["service"]["extraPorts"]
    assert hub["services"][name]["url"] == f"http://hub:{port['port']}"
    assert env["LOOPCHECK_BOARD_URL"].endswith(f"/services/{name}/")
    told = {one["name"]: one for one in hub["extraContainers"][0]["env"]}
    assert told["JUPYTERHUB_SERVICE_URL"]["value"].endswith(f":{port['targetPort']}")
    token = told["JUPYTERHUB_API_TOKEN"]["valueFrom"]["secretKeyRef"]["key"]
    assert token == f"hub.services.{name}.apiToken"  # the chart makes it
    [rule] = hub["networkPolicy"]["ingress"]
    assert rule["ports"] == [{"port": port["targetPort"]}]


def test_a_server_has_a_limit_and_an_end() -> None:
    assert VALUES["singleuser"]["memory"] == {"guarantee": "300M", "limit": "1G"}
    assert VALUES["cull"]["enabled"] is True


def test_the_hub_takes_the_passwords_as_they_stand() -> None:
    asked = VALUES["hub"]["config"]["SharedPasswordAuthenticator"]
    assert len(asked["user_password"]) >= 8
    assert len(asked["admin_password"]) >= 32


def test_a_name_is_the_same_on_one_machine_and_on_many() -> None:
    pattern = VALUES["hub"]["config"]["Authenticator"]["username_pattern"]
    config = (ROOT / "workshop" / "jupyterhub_config.py").read_text(encoding="utf-8")
    assert f'username_pattern = r"{pattern}"' in config


@pytest.mark.skipif(sys.platform == "win32", reason="a pod runs Linux")
def test_the_server_starts_on_the_copy_in_an_empty_volume(tmp_path: Path) -> None:
    """The command of a pod, with a server that tells what it finds."""
    tools, volume = tmp_path / "bin", tmp_path / "jovyan"
    tools.mkdir()
    volume.mkdir()
    (tools / "loopcheck").write_text(f'#!/bin/sh\nexec "{sys.executable}" -m loopcheck "$@"\n')
    (tools / "jupyterhub-singleuser").write_text('#!/bin/sh\necho "$@"; ls workbook\n')
    for file in tools.iterdir():
        file.chmod(0o755)
    env = os.environ | {"PATH": f"{tools}:/usr/bin:/bin", "HOME": str(volume)}
    words = [*VALUES["singleuser"]["cmd"], "--port=8888", "a b"]
    done = subprocess.run(words, cwd=volume, env=env, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    lines = done.stdout.splitlines()
    assert "--port=8888 a b" in lines
    assert VALUES["singleuser"]["defaultUrl"].rpartition("/")[2] in lines


def test_the_images_own_start_script_is_not_needed() -> None:
    """It lies in the image's home, over which the volume is mounted."""
    assert VALUES["singleuser"]["extraEnv"]["R2D_ENTRYPOINT"] == ""
