"""The Compose files and the configuration they mount: valid, nothing of Triton's is open, and every key means something."""

import json
import re
from importlib.util import find_spec
from pathlib import Path

import jsonschema
import pytest
import yaml
from test_images import pinned

ROOT = Path(__file__).resolve().parents[2]
DEPLOY = ROOT / "deploy"
# check-jsonschema brings the schema of compose-spec; only that file of it is used, so none of what it imports is installed.
CHECK_JSONSCHEMA = Path(find_spec("check_jsonschema").origin).parent
SCHEMA = json.loads((CHECK_JSONSCHEMA / "builtin_schemas" / "vendor" / "compose-spec.json").read_text())
VALIDATOR = jsonschema.validators.validator_for(SCHEMA)(SCHEMA)
FILES = {name: yaml.safe_load((DEPLOY / name).read_text()) for name in ("compose.yaml", "compose.cpu.yaml")}
SERVICES = {(name, service): told for name, file in FILES.items() for service, told in file["services"].items()}
TRITON_PORTS = {"8000", "8001", "8002"}
VARIABLE = re.compile(r"\$\{(\w+):-([^}]*)\}")
GPU = FILES["compose.yaml"]["services"]

every_file = pytest.mark.parametrize("compose", FILES.values(), ids=FILES.keys())
every_service = pytest.mark.parametrize("service", SERVICES.values(), ids=map("-".join, SERVICES))


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


@every_file
def test_is_a_compose_file(compose):
    VALIDATOR.validate(compose)


@every_file
def test_a_misspelt_key_would_be_noticed(compose):
    misspelt = {**compose, "services": {**compose["services"], "triton": {**compose["services"]["triton"], "imagee": "x"}}}
    with pytest.raises(jsonschema.ValidationError, match="imagee"):
        VALIDATOR.validate(misspelt)


@every_service
def test_has_an_image_with_a_version_that_a_dockerfile_makes(service):
    assert pinned(service["image"])
    dockerfiles = [other["build"] for other in SERVICES.values() if "build" in other and other["image"] == service["image"]]
    assert dockerfiles
    for build in dockerfiles:
        assert (DEPLOY / build["context"]).resolve() == ROOT
        assert (ROOT / build["dockerfile"]).is_file()


@every_service
def test_gains_no_privileges(service):
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]


@every_file
def test_triton_is_reached_by_the_front_end_alone(compose):
    services = compose["services"]
    assert "ports" not in services["triton"]
    assert services["triton"]["networks"] == ["engine"]
    assert compose["networks"]["engine"] == {"internal": True}
    for port in services["conch"]["ports"]:
        assert not TRITON_PORTS.intersection(with_defaults(port).split(":"))


@every_file
def test_the_front_end_is_published_on_this_machine_alone_unless_told_otherwise(compose):
    assert [with_defaults(port) for port in compose["services"]["conch"]["ports"]] == ["127.0.0.1:8080:8080"]


@every_file
def test_the_front_end_waits_for_triton(compose):
    assert compose["services"]["conch"]["depends_on"]["triton"] == {"condition": "service_healthy"}


def test_the_front_end_waits_for_its_model_folder():
    services = FILES["compose.cpu.yaml"]["services"]
    assert services["conch"]["depends_on"]["models"] == {"condition": "service_completed_successfully"}
    assert services["models"]["volumes"] == ["models:/models"]
    assert "models:/models:ro" in services["conch"]["volumes"]


@every_file
def test_the_front_end_has_time_to_drain(compose):
    configuration = yaml.safe_load((DEPLOY / "conch.yaml").read_text())
    assert "drain-timeout" not in configuration["server"], "then the default of 5 minutes holds"
    assert int(compose["services"]["conch"]["stop_grace_period"].rstrip("s")) >= 5 * 60 + 30


def test_triton_has_a_gpu_and_shared_memory():
    (device,) = GPU["triton"]["deploy"]["resources"]["reservations"]["devices"]
    assert device["driver"] == "nvidia" and device["capabilities"] == ["gpu"]
    assert GPU["triton"]["shm_size"] == "2g"
    assert GPU["triton"]["ulimits"]["memlock"] == -1


def test_the_gpu_file_asks_for_a_model_repository_that_nobody_else_can_have():
    (mount,) = GPU["triton"]["volumes"]
    assert mount.startswith("${CONCH_MODEL_REPOSITORY:?") and mount.endswith("}:/models:ro")


def test_the_cpu_file_wants_no_gpu_and_nothing_of_the_host():
    compose = FILES["compose.cpu.yaml"]
    assert "nvidia" not in json.dumps(compose)
    mounts = [volume for service in compose["services"].values() for volume in service.get("volumes", [])]
    assert {volume.split(":")[0] for volume in mounts} - set(compose["volumes"]) == {"./conch.yaml"}


@every_file
def test_the_read_only_front_end_can_unpack_native_libraries(compose):
    assert compose["services"]["conch"]["read_only"] is True
    (mount,) = compose["services"]["conch"]["tmpfs"]
    assert mount.startswith("/tmp:") and "exec" in re.split("[:,]", mount)


@every_file
def test_the_read_only_front_end_remembers_what_it_found_out_about_tokenizers(compose):
    (mount,) = [volume for volume in compose["services"]["conch"]["volumes"] if volume.startswith("conch-cache:")]
    dockerfile = (DEPLOY / "server.Dockerfile").read_text()
    assert "XDG_CACHE_HOME=" + mount.split(":")[1].removesuffix("/conch") + "\n" in dockerfile


@every_file
def test_mounts_what_the_repository_has(compose):
    volumes = [with_defaults(volume) for service in compose["services"].values() for volume in service.get("volumes", [])]
    mounts = [volume for volume in volumes if volume.split(":")[0] not in compose["volumes"] and not volume.startswith("${")]
    assert all(mount.endswith(":ro") for mount in mounts)
    made_by_set_up = ROOT / "models"
    sources = {(DEPLOY / mount.split(":")[0]).resolve() for mount in mounts}
    assert [source for source in sources - {made_by_set_up.resolve()} if not source.exists()] == []


@pytest.mark.parametrize("folder", [DEPLOY, ROOT, DEPLOY / "training"], ids=["deploy", "root", "training"])
def test_every_key_of_a_configuration_is_documented(folder):
    configuration = yaml.safe_load((folder / "conch.yaml").read_text())
    assert set(keys(configuration)) - documented_keys() == set()


def test_the_configuration_fits_the_containers():
    configuration = yaml.safe_load((DEPLOY / "conch.yaml").read_text())
    assert configuration["server"]["host"] == "0.0.0.0"
    assert configuration["server"]["port"] == 8080
    assert configuration["triton"]["addresses"] == ["triton:8001"]
    assert all(model["folder"].startswith("/models/") for model in configuration["models"])
