"""compose.yaml and the configuration it mounts: nothing of Triton's is open, and every key means something."""

import re
from pathlib import Path

import pytest
import yaml
from test_images import pinned

ROOT = Path(__file__).resolve().parents[2]
DEPLOY = ROOT / "deploy"
COMPOSE = yaml.safe_load((DEPLOY / "compose.yaml").read_text())
SERVICES = COMPOSE["services"]
TRITON_PORTS = {"8000", "8001", "8002"}
SERVICE_KEYS = set(
    "build cap_drop depends_on deploy environment healthcheck image networks ports read_only restart security_opt"
    " shm_size stop_grace_period tmpfs ulimits volumes".split()
)
VARIABLE = re.compile(r"\$\{(\w+):-([^}]*)\}")

every_service = pytest.mark.parametrize("service", SERVICES.values(), ids=SERVICES.keys())


def with_defaults(text):
    """The text as Compose sees it when no variable is set."""
    return VARIABLE.sub(lambda variable: variable[2], text)


def keys(node, path=""):
    """The dotted paths of all values; list elements are written `[]`, as in docs/configuration.md."""
    if isinstance(node, dict):
        for key, value in node.items():
            yield from keys(value, f"{path}.{key}" if path else key)
    elif isinstance(node, list) and any(isinstance(element, dict) for element in node):
        for element in node:
            yield from keys(element, path + "[]")
    else:
        yield path


def documented_keys():
    return set(re.findall(r"^\| `([^`]+)` \|", (ROOT / "docs" / "configuration.md").read_text(), re.MULTILINE))


def test_has_two_services_and_no_unknown_keys():
    assert set(COMPOSE) == {"name", "services", "volumes", "networks"}
    assert set(SERVICES) == {"triton", "conch"}
    for service in SERVICES.values():
        assert set(service) <= SERVICE_KEYS


@every_service
def test_builds_an_image_with_a_version(service):
    assert pinned(service["image"])
    assert (DEPLOY / service["build"]["context"]).resolve() == ROOT
    assert (ROOT / service["build"]["dockerfile"]).is_file()


@every_service
def test_gains_no_privileges(service):
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]


@every_service
def test_uses_networks_that_exist(service):
    assert set(service["networks"]) <= set(COMPOSE["networks"])


def test_triton_is_reached_by_the_front_end_alone():
    assert "ports" not in SERVICES["triton"]
    assert SERVICES["triton"]["networks"] == ["engine"]
    assert COMPOSE["networks"]["engine"] == {"internal": True}
    for port in SERVICES["conch"]["ports"]:
        assert not TRITON_PORTS.intersection(with_defaults(port).split(":"))


def test_the_front_end_is_published_on_this_machine_alone_unless_told_otherwise():
    assert [with_defaults(port) for port in SERVICES["conch"]["ports"]] == ["127.0.0.1:8080:8080"]


def test_the_front_end_waits_for_triton():
    assert SERVICES["conch"]["depends_on"] == {"triton": {"condition": "service_healthy"}}
    assert SERVICES["triton"]["healthcheck"]["test"][0] == "CMD"


def test_triton_has_a_gpu_and_shared_memory():
    (device,) = SERVICES["triton"]["deploy"]["resources"]["reservations"]["devices"]
    assert device["driver"] == "nvidia" and device["capabilities"] == ["gpu"]
    assert SERVICES["triton"]["shm_size"] == "2g"
    assert SERVICES["triton"]["ulimits"]["memlock"] == -1


def test_the_read_only_front_end_can_unpack_native_libraries():
    assert SERVICES["conch"]["read_only"] is True
    (mount,) = SERVICES["conch"]["tmpfs"]
    assert mount.startswith("/tmp:") and "exec" in re.split("[:,]", mount)


def test_the_read_only_front_end_remembers_what_it_found_out_about_tokenizers():
    (mount,) = [volume for volume in SERVICES["conch"]["volumes"] if volume.split(":")[0] in COMPOSE["volumes"]]
    dockerfile = (DEPLOY / "server.Dockerfile").read_text()
    assert "XDG_CACHE_HOME=" + mount.split(":")[1].removesuffix("/conch") + " " in dockerfile


def test_mounts_what_the_repository_has():
    volumes = [with_defaults(volume) for service in SERVICES.values() for volume in service["volumes"]]
    mounts = [volume for volume in volumes if volume.split(":")[0] not in COMPOSE["volumes"]]
    assert all(mount.endswith(":ro") for mount in mounts)
    made_by_set_up = ROOT / "models"
    sources = {(DEPLOY / mount.split(":")[0]).resolve() for mount in mounts}
    assert [source for source in sources - {made_by_set_up} if not source.exists()] == []


@pytest.mark.parametrize("folder", [DEPLOY, ROOT], ids=["deploy", "root"])
def test_every_key_of_a_configuration_is_documented(folder):
    configuration = yaml.safe_load((folder / "conch.yaml").read_text())
    assert set(keys(configuration)) - documented_keys() == set()


def test_the_configuration_fits_the_containers():
    configuration = yaml.safe_load((DEPLOY / "conch.yaml").read_text())
    assert configuration["server"]["host"] == "0.0.0.0"
    assert configuration["server"]["port"] == 8080
    assert configuration["triton"]["addresses"] == ["triton:8001"]
    assert all(model["folder"].startswith("/models/") for model in configuration["models"])
