# NVIDIA's Triton with TensorRT-LLM 1.2.1, and in it our model. Built from the root of the repository:
#   docker build -f deploy/triton.Dockerfile -t conch-triton:0.1.0 .
#
# What works on it today: our Python model with the engine `llama_cpp`, which computes on the CPU and leaves the GPU idle; and any
# model repository for NVIDIA's own backend (`backend: "tensorrtllm"`) that is mounted over /models. Our model with TensorRT-LLM as its
# engine is a later step: then this image serves it without an engine build.

FROM nvcr.io/nvidia/tritonserver:26.07-trtllm-python-py3

# An environment of its own: the packages that TensorRT-LLM brought stay as they are. Triton's Python stub takes its packages from the
# first python3 on the PATH. Triton itself is here already, so the wheel that carries one elsewhere is left out. The import fails the
# build, not the first request, if a shared library is missing.
COPY triton-models/requirements.txt /opt/conch/requirements.txt
RUN sed -i '/^nvidia-pytriton==/d' /opt/conch/requirements.txt \
    && python3 -m venv --without-pip /opt/conch/python \
    && python3 -m pip --python /opt/conch/python/bin/python install --no-cache-dir --no-deps --requirement /opt/conch/requirements.txt \
    && /opt/conch/python/bin/python -c 'import numpy, xllamacpp'
ENV PATH=/opt/conch/python/bin:${PATH} \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONNOUSERSITE=1 \
    CONCH_TRITON_HTTP=127.0.0.1:8000

COPY triton-models/tensorrt_llm /models/tensorrt_llm

# The user that NVIDIA's image has for this (triton-server).
USER 1000:1000
# HTTP (probes), gRPC (the front end), metrics
EXPOSE 8000 8001 8002
HEALTHCHECK --interval=10s --timeout=5s --start-period=10m \
    CMD ["python3", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8000/v2/health/ready', timeout=4)"]
CMD ["tritonserver", "--model-repository=/models", "--model-control-mode=explicit", "--load-model=tensorrt_llm", "--disable-auto-complete-config", "--exit-timeout-secs=30"]
