"""The Dockerfiles: clean, pinned, not root, and made of what the repository has."""

import json
import re
import subprocess
from pathlib import Path

import pytest
from dockerfile import context_sources, read_instructions, read_stages

ROOT = Path(__file__).resolve().parents[2]
DOCKERFILES = sorted((ROOT / "deploy").glob("*.Dockerfile"))

every_dockerfile = pytest.mark.parametrize("dockerfile", DOCKERFILES, ids=lambda path: path.name)


def pinned(image):
    """Whether an image is named with a tag that says a version."""
    tag = image.rpartition("/")[2].partition(":")[2]
    return bool(re.search(r"\d", tag)) and not tag.startswith("latest")


def test_each_image_has_a_dockerfile():
    assert [path.name for path in DOCKERFILES] == ["server.Dockerfile", "triton-cpu.Dockerfile", "triton.Dockerfile"]


@every_dockerfile
def test_hadolint_finds_nothing(dockerfile):
    lint = subprocess.run(["hadolint", "--no-color", dockerfile], capture_output=True, text=True)
    assert lint.returncode == 0, lint.stdout + lint.stderr


@every_dockerfile
def test_base_images_are_pinned(dockerfile):
    names = set()
    for stage in read_stages(dockerfile):
        assert stage.base in names or pinned(stage.base), stage.base
        names.add(stage.name)


@every_dockerfile
def test_what_is_copied_exists(dockerfile):
    sources = list(context_sources(read_stages(dockerfile)))
    assert sources
    assert [source for source in sources if not (ROOT / source).exists()] == []


def test_maven_sees_every_module():
    modules = re.findall("<module>(.+)</module>", (ROOT / "pom.xml").read_text())
    copied = set(context_sources(read_stages(ROOT / "deploy" / "server.Dockerfile")))
    assert modules
    assert {f"{module}/pom.xml" for module in modules} - copied == set()


@every_dockerfile
def test_what_is_copied_is_sent_to_the_builder(dockerfile):
    patterns = dockerfile.with_name(dockerfile.name + ".dockerignore").read_text().split()
    assert patterns[0] == "*"
    sent = [pattern[1:] for pattern in patterns if pattern.startswith("!")]
    for source in context_sources(read_stages(dockerfile)):
        assert any(source == path or source.startswith(path + "/") for path in sent), source


@every_dockerfile
def test_runs_as_a_numeric_user_that_is_not_root(dockerfile):
    user = read_stages(dockerfile)[-1].last("USER")
    assert re.fullmatch(r"[1-9]\d*:[1-9]\d*", user or ""), user


@every_dockerfile
def test_says_whether_it_is_healthy(dockerfile):
    assert read_stages(dockerfile)[-1].last("HEALTHCHECK")


def server_stages():
    return read_stages(ROOT / "deploy" / "server.Dockerfile")


def test_the_server_is_started_by_its_launcher_on_the_runtime_that_was_made_for_it():
    build, final = server_stages()
    assert "deploy/bin/make-runtime /opt/conch" in [step.rest for step in build.instructions]
    copied = [step.arguments() for step in final.instructions if step.name == "COPY"]
    assert {source for *sources, _ in copied for source in sources} == {
        f"/opt/conch/{part}" for part in ("runtime", "lib", "conch-server.jar", "conch.aot", "bin")
    }
    for *sources, target in copied:
        assert target in sources or target == "/opt/conch/", "the cache knows its jars by path"
    assert final.last("ENTRYPOINT") == '["/opt/conch/bin/conch"]'
    assert final.last("HEALTHCHECK").endswith('["/opt/conch/bin/probe", "/health"]')


def test_what_makes_the_runtime_finds_its_files_in_the_build_stage():
    copied = {source for source in context_sources(server_stages())}
    for script in ("bin/conch", "bin/find-jdk", "deploy/bin/make-runtime", "deploy/bin/probe", "deploy/training/run"):
        assert any(script == source or script.startswith(source + "/") for source in copied), script
    assert "server/src/test/resources/tokenizer/tokenizer.json" in copied


def test_the_server_is_built_by_the_java_that_it_is_written_for_and_runs_on_the_same_system():
    release = re.search(r"<maven.compiler.release>(\d+)<", (ROOT / "pom.xml").read_text())[1]
    build, final = server_stages()
    assert re.search(r"temurin[-:](\d+)", build.base)[1] == release
    assert build.base.endswith("-noble") and final.base == "ubuntu:24.04", "noble is 24.04"


def test_the_gpu_image_serves_what_is_mounted_and_has_no_model_of_its_own():
    (stage,) = read_stages(ROOT / "deploy" / "triton.Dockerfile")
    targets = [step.arguments()[-1] for step in stage.instructions if step.name == "COPY"]
    assert targets == ["/opt/conch/triton-models"]
    command = json.loads(stage.last("CMD"))
    assert {"--model-repository=/models", "--load-model=*"} <= set(command)


def test_continued_lines_are_one_instruction():
    text = "# a comment\nFROM a:1 AS b\nRUN one \\\n    # why\n    && two\n"
    assert [(step.name, step.rest.split()) for step in read_instructions(text)] == [
        ("FROM", ["a:1", "AS", "b"]),
        ("RUN", ["one", "&&", "two"]),
    ]


@pytest.mark.parametrize(
    ("image", "expected"),
    [("maven:3.9.16-noble", True), ("host:5000/maven", False), ("maven", False), ("maven:latest", False), ("h/maven:24.1", True)],
)
def test_a_pinned_image_has_a_version(image, expected):
    assert pinned(image) == expected
