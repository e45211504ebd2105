"""The Helm chart, rendered as its users would: Kubernetes takes it, the server takes its configuration, and bad values are refused by name."""

import json
import os
import re
import shutil
import subprocess
from pathlib import Path

import kubernetes_validate
import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]
HELM = ROOT / "deploy" / "helm"
CHART = HELM / "conch"
SETS = {path.stem: path for path in sorted((HELM / "values").glob("*.yaml"))}
KUBERNETES = "1.37"
EX_CONFIG = 78
# What the chart itself decides, so that no value can contradict it; TLS is the ingress's.
DECIDED = {
    "server.host", "server.port", "server.api-keys-file", "server.tls-certificate", "server.tls-key",
    "server.drain-delay", "server.drain-timeout", "management.host", "management.port", "triton.addresses",
}  # fmt: skip

every_set = pytest.mark.parametrize("values", SETS.values(), ids=SETS.keys())


@pytest.fixture
def render(helm):
    """Renders a set with further values; the objects by kind and name."""

    def rendered(name, **changes):
        told = helm("template", "conch", CHART, "--kube-version", KUBERNETES, "--values", SETS[name], values=json.dumps(changes))
        assert told.returncode == 0, told.stderr
        objects = list(filter(None, yaml.safe_load_all(told.stdout)))
        return {(each["kind"], each["metadata"]["name"]): each for each in objects}

    return rendered


@pytest.fixture
def refusal(helm):
    """What helm says of a set with further values that it must not take."""

    def said(name, changes):
        told = helm("template", "conch", CHART, "--kube-version", KUBERNETES, "--values", SETS[name], values=json.dumps(changes))
        assert told.returncode != 0, told.stdout
        return told.stderr

    return said


def pods(objects):
    return [each["spec"]["template"]["spec"] for kind, each in by_kind(objects) if kind in ("Deployment", "StatefulSet")]


def by_kind(objects):
    return [(kind, each) for (kind, _), each in objects.items()]


def container(objects, kind, name):
    (told,) = objects[kind, name]["spec"]["template"]["spec"]["containers"]
    return told


def configuration(objects):
    return yaml.safe_load(objects["ConfigMap", "conch"]["data"]["conch.yaml"])


def test_there_are_three_sets():
    assert list(SETS) == ["cpu", "existing-triton", "gpu"]


@every_set
def test_helm_finds_nothing_to_complain_of(helm, values):
    told = helm("lint", "--strict", CHART, "--kube-version", KUBERNETES, "--values", values)
    assert told.returncode == 0 and "[WARNING]" not in told.stdout, told.stdout + told.stderr


@pytest.mark.parametrize("name", SETS)
def test_kubernetes_takes_every_object(render, name):
    objects = render(name)
    assert objects
    for each in objects.values():
        kubernetes_validate.validate(each, KUBERNETES, strict=True)


def test_an_object_that_kubernetes_does_not_take_would_be_noticed(render):
    deployment = render("cpu")["Deployment", "conch"]
    deployment["spec"]["template"]["spec"]["containers"][0]["imagee"] = "x"
    with pytest.raises(kubernetes_validate.ValidationError, match="imagee"):
        kubernetes_validate.validate(deployment, KUBERNETES, strict=True)


@pytest.mark.parametrize("name", SETS)
def test_the_server_takes_the_configuration(render, runtime, name, tmp_path):
    """The server tells all faults at once. Here it is to find none but that the models, which are in nobody's repository, are not there."""
    objects = render(name)
    (tmp_path / "keys").mkdir()
    (tmp_path / "keys" / "api-keys").write_text("a-key-of-the-tests\n")
    file = tmp_path / "conch.yaml"
    text = objects["ConfigMap", "conch"]["data"]["conch.yaml"]
    file.write_text(text.replace("/etc/conch/keys/", f"{tmp_path}/keys/"))
    kept = {name: value for name, value in os.environ.items() if not name.startswith("CONCH_")}
    told = subprocess.run([runtime / "bin" / "conch"], env={**kept, "CONCH_CONFIG": str(file)}, capture_output=True, text=True)
    expected = [
        f"model {model['name']}: tokenizer_config.json cannot be read (folder {model['folder']})"
        for model in configuration(objects)["models"]
    ]
    of_the_jvm = re.compile(r"\[warning]|^WARNING: Using incubator modules: jdk.incubator.vector$")
    said = [line for line in told.stderr.splitlines() if not of_the_jvm.search(line)]
    assert (told.returncode, said) == (EX_CONFIG, expected)


def test_numbers_stay_whole_numbers(render):
    objects = render("gpu", config={"server": {"max-body-bytes": 33554432}})
    assert configuration(objects)["server"]["max-body-bytes"] == 33554432
    assert "max-body-bytes: 33554432\n" in objects["ConfigMap", "conch"]["data"]["conch.yaml"]


@pytest.mark.parametrize("name", SETS)
def test_the_server_drains_before_it_is_killed(render, name):
    objects = render(name, drain={"delaySeconds": 7, "timeoutSeconds": 100})
    server = configuration(objects)["server"]
    assert (server["drain-delay"], server["drain-timeout"]) == ("7s", "100s")
    assert objects["Deployment", "conch"]["spec"]["template"]["spec"]["terminationGracePeriodSeconds"] == 7 + 100 + 30


def test_the_server_has_the_probes_that_it_answers(render):
    server = container(render("gpu"), "Deployment", "conch")
    asked = {probe: server[probe]["exec"]["command"] for probe in ("startupProbe", "livenessProbe", "readinessProbe")}
    assert asked == {
        "startupProbe": ["/opt/conch/bin/probe", "/health"],
        "livenessProbe": ["/opt/conch/bin/probe", "/health"],
        "readinessProbe": ["/opt/conch/bin/probe", "/ready"],
    }
    controller = (ROOT / "server/src/main/java/dev/conch/http/HealthController.java").read_text()
    assert {'LIVE = "/health"', 'READY = "/ready"'} <= set(re.findall(r'(?:LIVE|READY) = "[^"]+"', controller))


def test_triton_has_time_to_load_its_model(render):
    triton = container(render("gpu", triton={"startupSeconds": 1800}), "StatefulSet", "conch-triton")
    startup = triton["startupProbe"]
    assert startup["periodSeconds"] * startup["failureThreshold"] == 1800
    assert triton["livenessProbe"]["httpGet"]["path"] == "/v2/health/live", "which asks nothing of the model"


def test_a_change_of_the_configuration_or_the_keys_starts_new_pods(render):
    def annotations(**changes):
        return render("cpu", **changes)["Deployment", "conch"]["spec"]["template"]["metadata"]["annotations"]

    first = annotations()
    assert annotations() == first
    assert annotations(config={"server": {"max-concurrent-requests": 7}})["checksum/config"] != first["checksum/config"]
    with_keys = {"apiKeys": {"open": False, "keys": ["a-key-that-is-long-enough"]}}
    other_keys = {"apiKeys": {"open": False, "keys": ["another-one-that-is-long"]}}
    assert annotations(**with_keys)["checksum/api-keys"] != annotations(**other_keys)["checksum/api-keys"]


def test_keys_lie_in_a_secret_and_nowhere_else(render):
    key = "a-key-that-is-long-enough"
    objects = render("cpu", apiKeys={"open": False, "keys": [key, key + "-2"]})
    secret = objects.pop(("Secret", "conch-api-keys"))
    assert secret["stringData"]["api-keys"].splitlines() == [key, key + "-2"]
    assert key not in json.dumps(list(objects.values()))
    mounted(objects, "conch-api-keys")


def test_keys_can_be_in_a_secret_that_is_there(render):
    objects = render("existing-triton")
    assert "Secret" not in {kind for kind, _ in by_kind(objects)}
    mounted(objects, "conch-api-keys")


def mounted(objects, secret):
    """The file that the configuration names is the Secret's key `api-keys`."""
    (volume,) = [each for each in objects["Deployment", "conch"]["spec"]["template"]["spec"]["volumes"] if "secret" in each]
    (mount,) = [each for each in container(objects, "Deployment", "conch")["volumeMounts"] if each["name"] == volume["name"]]
    assert volume["secret"] == {"secretName": secret}
    assert configuration(objects)["server"]["api-keys-file"] == mount["mountPath"] + "/api-keys"


@pytest.mark.parametrize("name", SETS)
def test_pods_have_no_more_rights_than_they_need(render, name):
    for pod in pods(render(name)):
        assert pod["automountServiceAccountToken"] is False
        assert pod["enableServiceLinks"] is False, "CONCH_PORT would be set for a Service called conch"
        assert pod["securityContext"]["runAsNonRoot"] is True and pod["securityContext"]["runAsUser"] > 0
        assert pod["securityContext"]["seccompProfile"] == {"type": "RuntimeDefault"}
        for each in [*pod.get("initContainers", []), *pod["containers"]]:
            assert each["securityContext"]["allowPrivilegeEscalation"] is False
            assert each["securityContext"]["capabilities"] == {"drop": ["ALL"]}
            assert each["resources"]["requests"].keys() >= {"cpu", "memory"} and "memory" in each["resources"]["limits"]


def test_users_are_those_of_the_images(render):
    objects = render("gpu")
    users = {"server.Dockerfile": objects["Deployment", "conch"], "triton.Dockerfile": objects["StatefulSet", "conch-triton"]}
    for dockerfile, workload in users.items():
        user = workload["spec"]["template"]["spec"]["securityContext"]
        assert f"\nUSER {user['runAsUser']}:{user['runAsGroup']}\n" in (ROOT / "deploy" / dockerfile).read_text()


def test_the_front_end_writes_where_it_may_alone(render):
    server = container(render("gpu"), "Deployment", "conch")
    assert server["securityContext"]["readOnlyRootFilesystem"] is True
    writable = [mount["mountPath"] for mount in server["volumeMounts"] if not mount.get("readOnly")]
    assert writable == ["/tmp", "/var/cache/conch"]


def test_the_front_end_finds_all_tritons_by_a_headless_service(render):
    objects = render("gpu")
    (address,) = configuration(objects)["triton"]["addresses"]
    service = objects["Service", address.split(":")[0]]["spec"]
    triton = objects["StatefulSet", "conch-triton"]["spec"]
    assert service["clusterIP"] == "None"
    assert int(address.split(":")[1]) in [port["port"] for port in service["ports"]]
    assert service["selector"] == triton["selector"]["matchLabels"]
    assert triton["serviceName"] == address.split(":")[0]


def test_services_and_budgets_select_one_kind_of_pod_each(render):
    objects = render("gpu")
    labels = {
        name: objects[key]["spec"]["template"]["metadata"]["labels"]
        for name, key in {"conch": ("Deployment", "conch"), "conch-triton": ("StatefulSet", "conch-triton")}.items()
    }
    for (kind, name), each in objects.items():
        if kind in ("Service", "PodDisruptionBudget"):
            selector = each["spec"]["selector"].get("matchLabels", each["spec"]["selector"])
            selected = {pod for pod, told in labels.items() if selector.items() <= told.items()}
            assert selected == {"conch-triton" if name.endswith("-triton") else "conch"}, (kind, name)
            assert kind == "Service" or each["spec"]["maxUnavailable"] == 1


def test_triton_gets_its_gpus_and_its_volumes(render):
    triton = container(render("gpu", triton={"gpus": 4}), "StatefulSet", "conch-triton")
    assert triton["resources"]["limits"]["nvidia.com/gpu"] == 4
    assert {"name": "volume-0", "mountPath": "/models", "readOnly": True} in triton["volumeMounts"]
    assert "/dev/shm" in [mount["mountPath"] for mount in triton["volumeMounts"]]


def test_the_cpu_set_asks_for_no_gpu_and_takes_the_model_from_the_image(render):
    objects = render("cpu")
    assert "nvidia" not in json.dumps(list(objects.values()))
    (copying,) = objects["Deployment", "conch"]["spec"]["template"]["spec"]["initContainers"]
    assert copying["image"] == container(objects, "StatefulSet", "conch-triton")["image"]
    assert copying["command"] == ["cp", "-r", "/opt/conch/models/.", "/models/"]
    assert "/opt/conch/triton-models" in (ROOT / "deploy" / "triton-cpu.Dockerfile").read_text(), "beside which set-up writes models/"


def test_nothing_of_triton_is_deployed_where_one_is_attached_to(render):
    objects = render("existing-triton")
    assert sorted(kind for kind, _ in by_kind(objects)) == ["ConfigMap", "Deployment", "PodDisruptionBudget", "Service"]
    assert configuration(objects)["triton"]["addresses"] == ["triton.inference.svc:8001"]


def test_management_is_reached_from_outside_the_pod_only_if_that_is_wanted(render):
    closed = render("existing-triton")
    assert configuration(closed)["management"]["host"] == "127.0.0.1"
    assert [port["name"] for port in container(closed, "Deployment", "conch")["ports"]] == ["http"]
    exposed = render("existing-triton", management={"exposed": True})
    assert configuration(exposed)["management"]["host"] == "0.0.0.0"
    assert exposed["Service", "conch-management"]["spec"]["ports"][0]["port"] == 9090
    assert [port["port"] for port in exposed["Service", "conch"]["spec"]["ports"]] == [80], "which may be a load balancer"


@pytest.mark.parametrize(
    ("changes", "named"),
    [
        ({"replica": 2}, "replica"),
        ({"replicas": "two"}, "/replicas"),
        ({"replicas": -1}, "/replicas"),
        ({"image": {"tag": "latest"}}, "/image/tag"),
        ({"config": {"servr": {}}}, "servr"),
        ({"config": {"server": {"prot": 80}}}, "prot"),
        ({"config": {"server": {"drain-timeout": "1m"}}}, "drain-timeout"),
        ({"config": {"models": [{"name": "m"}]}}, "folder"),
        ({"config": {"models": [{"name": "m", "folder": "elsewhere"}]}}, "/config/models/0/folder"),
        ({"drain": {"timeoutSeconds": 0}}, "/drain/timeoutSeconds"),
        ({"apiKeys": {"keys": ["short"]}}, "/apiKeys/keys/0"),
        ({"service": {"type": "Loadbalancer"}}, "/service/type"),
        ({"logLevel": "TRACE"}, "/logLevel"),
        ({"resources": {"limits": {"memory": "1 GB"}}}, "/resources/limits/memory"),
        ({"podDisruptionBudget": {"maxUnavailable": "many"}}, "/podDisruptionBudget/maxUnavailable"),
        ({"triton": {"gpu": 1}}, "gpu"),
        ({"triton": {"gpus": 1.5}}, "/triton/gpus"),
        ({"triton": {"addresses": ["http://triton:8001"]}}, "/triton/addresses/0"),
        ({"triton": {"volumes": [{"mountPath": "models", "source": {"emptyDir": {}}}]}}, "/triton/volumes/0/mountPath"),
        ({"apiKeys": {"open": False}}, "apiKeys: none are configured"),
        ({"apiKeys": {"open": True, "existingSecret": "s"}}, "apiKeys.open: true does not go with"),
        ({"apiKeys": {"open": False, "existingSecret": "s", "keys": ["a-key-that-is-long-enough"]}}, "existingSecret and keys"),
        ({"management": {"exposed": True}}, "management.exposed: true needs apiKeys"),
        ({"config": {"models": []}}, "config.models: empty"),
        ({"triton": {"addresses": ["a:1"]}}, "triton.addresses: set together with triton.enabled"),
        ({"triton": {"enabled": False}, "models": {"volume": {"emptyDir": {}}, "fromTritonImage": ""}}, "triton.addresses: empty"),
        ({"triton": {"enabled": False, "addresses": ["a:1"]}}, "models.fromTritonImage: there is no Triton image"),
        ({"models": {"fromTritonImage": ""}}, "models: expected either volume"),
    ],
    ids=lambda value: json.dumps(value) if isinstance(value, dict) else "",
)
def test_a_bad_value_is_refused_by_name(refusal, changes, named):
    assert named in refusal("cpu", changes)


def test_the_schema_knows_every_key_of_the_configuration():
    """A key that is new in docs/configuration.md belongs into values.schema.json, or into DECIDED if the chart sets it."""
    documented = re.findall(r"^\| `((?:server|requests|streams|management|triton|models\[\])\.[a-z-]+)` \|", (ROOT / "docs" / "configuration.md").read_text(), re.MULTILINE)
    sections = json.loads((CHART / "values.schema.json").read_text())["properties"]["config"]["properties"]
    known = {f"{name}.{key}" for name, section in sections.items() if name != "models" for key in section["properties"]}
    known |= {f"models[].{key}" for key in sections["models"]["items"]["properties"]}
    assert known | DECIDED == set(documented) and known.isdisjoint(DECIDED)


def test_the_page_lists_every_value_with_its_default():
    rows = re.findall(r"^\| `([\w.]+)` \| `([^`]*)` \|", (CHART / "README.md").read_text(), re.MULTILINE)
    told = {name: yaml.safe_load(default) for name, default in rows}
    assert told == dict(leaves(yaml.safe_load((CHART / "values.yaml").read_text())))


def leaves(values, path=""):
    for name, value in values.items():
        if isinstance(value, dict) and value and name not in ("requests", "limits"):
            yield from leaves(value, f"{path}{name}.")
        else:
            yield path + name, value


def test_the_chart_deploys_the_version_that_is_built():
    chart = yaml.safe_load((CHART / "Chart.yaml").read_text())
    version = re.search(r"<version>([\d.]+)(?:-SNAPSHOT)?</version>", (ROOT / "pom.xml").read_text())[1]
    assert chart["appVersion"] == version


def test_the_notes_say_what_matters(helm, tmp_path):
    """Helm shows them at an installation alone, which wants a cluster: here they are rendered as part of an object."""
    chart = shutil.copytree(CHART, tmp_path / "conch")
    (chart / "templates" / "NOTES.txt").rename(chart / "NOTES.txt")
    (chart / "templates" / "notes.yaml").write_text('notes: {{ tpl (.Files.Get "NOTES.txt") . | quote }}\n')
    told = helm("template", "conch", chart, "--kube-version", KUBERNETES, "--values", SETS["cpu"], "-s", "templates/notes.yaml")
    assert told.returncode == 0, told.stderr
    notes = yaml.safe_load(told.stdout)["notes"]
    assert "smollm2-135m-instruct" in notes and "Nobody is asked for a key" in notes
    assert "rollout status deployment/conch\n" in notes
