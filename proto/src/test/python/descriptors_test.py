"""The .proto files of Conch against the descriptors that ship with other people's clients.

Compiles src/main/proto and compares, fact by fact, with the Python packages `tritonclient` (NVIDIA) and
`grpcio-health-checking`: messages, field numbers, names, types, labels and oneofs, enum values, services and methods.
Options are left out: where Java classes go is our own affair. Needs no server.
"""

from pathlib import Path

import grpc_tools
import pytest
from google.protobuf import descriptor_pb2
from grpc_health.v1 import health_pb2
from grpc_tools import protoc
from tritonclient.grpc import model_config_pb2, service_pb2

SOURCES = Path(__file__).parents[2] / "main" / "proto"
TRITON_FILES = {"grpc_service.proto": service_pb2, "model_config.proto": model_config_pb2}

Field = descriptor_pb2.FieldDescriptorProto


def compile_sources(into):
    """The FileDescriptorProto of each .proto file of ours, by file name."""
    files = sorted(path.name for path in SOURCES.glob("*.proto"))
    well_known = Path(grpc_tools.__file__).parent / "_proto"
    status = protoc.main(["protoc", f"-I{SOURCES}", f"-I{well_known}", f"--descriptor_set_out={into}", *files])
    assert status == 0, "protoc refuses the sources"
    return {file.name: file for file in descriptor_pb2.FileDescriptorSet.FromString(into.read_bytes()).file}


def shipped(module):
    """The FileDescriptorProto inside a generated Python module."""
    file = descriptor_pb2.FileDescriptorProto()
    module.DESCRIPTOR.CopyToProto(file)
    return file


def facts(file):
    """All that the wire depends on, as text by full name: equal dictionaries mean interchangeable files."""
    found = {"syntax": file.syntax, "package": file.package}
    for message in file.message_type:
        found.update(message_facts(file.package, message))
    for enum in file.enum_type:
        found.update(enum_facts(file.package, enum))
    for service in file.service:
        found.update(service_facts(file.package, service))
    return found


def message_facts(scope, message):
    name = f"{scope}.{message.name}"
    found = {name: "map entry" if message.options.map_entry else "message"}
    for field in message.field:
        found[f"{name}.{field.name}"] = field_fact(message, field)
    for nested in message.nested_type:
        found.update(message_facts(name, nested))
    for enum in message.enum_type:
        found.update(enum_facts(name, enum))
    return found


def field_fact(message, field):
    label = Field.Label.Name(field.label)
    kind = field.type_name or Field.Type.Name(field.type)
    presence = " explicit presence" if field.proto3_optional else ""
    oneof = f" oneof {message.oneof_decl[field.oneof_index].name}" if field.HasField("oneof_index") else ""
    return f"{field.number} {label} {kind}{presence}{oneof}"


def enum_facts(scope, enum):
    name = f"{scope}.{enum.name}"
    return {name: "enum"} | {f"{name}.{value.name}": f"{value.number}" for value in enum.value}


def service_facts(scope, service):
    name = f"{scope}.{service.name}"
    return {name: "service"} | {f"{name}.{method.name}": method_fact(method) for method in service.method}


def method_fact(method):
    request = ("stream " if method.client_streaming else "") + method.input_type
    response = ("stream " if method.server_streaming else "") + method.output_type
    return f"{request} -> {response}"


@pytest.fixture(scope="module")
def ours(tmp_path_factory):
    return compile_sources(tmp_path_factory.mktemp("descriptors") / "conch.binpb")


@pytest.mark.parametrize("name", TRITON_FILES)
def test_every_fact_equals_tritons(ours, name):
    assert facts(ours[name]) == facts(shipped(TRITON_FILES[name]))


def test_the_comparison_sees_into_messages_and_services(ours):
    found = facts(ours["grpc_service.proto"]) | facts(ours["model_config.proto"])
    streaming = "stream .inference.ModelInferRequest -> stream .inference.ModelStreamInferResponse"
    assert found["inference.GRPCInferenceService.ModelStreamInfer"] == streaming
    assert found["inference.InferParameter.bool_param"] == "1 LABEL_OPTIONAL TYPE_BOOL oneof parameter_choice"
    assert found["inference.DataType.TYPE_BF16"] == "14"


def test_health_is_a_part_of_grpcs(ours):
    """Ours leaves out the List call, which is younger than Triton's server."""
    standard = facts(shipped(health_pb2))
    health = facts(ours["health.proto"])
    assert health == {name: standard.get(name) for name in health}


def test_there_is_no_file_without_a_comparison(ours):
    assert set(ours) == {*TRITON_FILES, "health.proto"}


def renumber(file):
    file.message_type[0].field[0].number = 99


def retype(file):
    file.message_type[0].field[0].type = Field.TYPE_BYTES


def repeat(file):
    file.message_type[0].field[0].label = Field.LABEL_REPEATED


def rename(file):
    file.message_type[0].field[0].name = "other"


def leave_the_oneof(file):
    file.message_type[0].field[0].ClearField("oneof_index")


def renumber_enum(file):
    file.enum_type[0].value[0].number = 7


def stream_the_answer(file):
    file.service[0].method[0].server_streaming = True


def move_to_another_package(file):
    file.package = "elsewhere"


CHANGES = [
    renumber, retype, repeat, rename, leave_the_oneof, renumber_enum, stream_the_answer, move_to_another_package,
]  # fmt: skip


@pytest.mark.parametrize("change", CHANGES, ids=lambda change: change.__name__)
def test_a_change_does_not_go_unseen(change):
    before = small_file()
    after = small_file()
    change(after)
    assert facts(after) != facts(before)


def small_file():
    """One of each thing that can be changed."""
    file = descriptor_pb2.FileDescriptorProto(name="small.proto", package="small", syntax="proto3")
    message = file.message_type.add(name="Message")
    message.oneof_decl.add(name="choice")
    message.field.add(name="text", number=1, label=Field.LABEL_OPTIONAL, type=Field.TYPE_STRING, oneof_index=0)
    file.enum_type.add(name="Enum").value.add(name="ZERO", number=0)
    service = file.service.add(name="Service")
    service.method.add(name="Call", input_type=".small.Message", output_type=".small.Message")
    return file
