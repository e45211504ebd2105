# NVIDIA's Triton with TensorRT-LLM 1.2.1, and beside it our model with its tools. Built from the root of the repository:
#   docker build -f deploy/triton.Dockerfile -t conch-triton:0.1.0 .
#
# It serves all models of the repository that is mounted at /models, where the image itself has none: which engine a model has, and how long
# its context and its vocabulary are, its config.pbtxt says, and that is written for a checkpoint (`bin/make-model`: our model over TensorRT-LLM)
# or for an engine that was built (`bin/fill-config`: NVIDIA's own backend). The CPU engine has an image of its own: triton-cpu.Dockerfile.

FROM nvcr.io/nvidia/tritonserver:26.07-trtllm-python-py3

# bin/make-model, bin/fill-config, bin/build-engine and bin/compare-fake run in here.
COPY triton-models /opt/conch/triton-models
# All that our model imports came with TensorRT-LLM; if it did not, the build fails and not the first start.
RUN python3 -c 'import numpy, yaml'
ENV PYTHONDONTWRITEBYTECODE=1 \
    PYTHONNOUSERSITE=1 \
    CONCH_TRITON_HTTP=127.0.0.1:8000

# The user that NVIDIA's image has for this (triton-server).
USER 1000:1000
# HTTP (probes), gRPC (the front end), metrics
EXPOSE 8000 8001 8002
HEALTHCHECK --interval=10s --timeout=5s --start-period=10m \
    CMD ["python3", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8000/v2/health/ready', timeout=4)"]
CMD ["tritonserver", "--model-repository=/models", "--model-control-mode=explicit", "--load-model=*", "--disable-auto-complete-config", "--backend-config=python,thread-pool-size=2", "--exit-timeout-secs=30"]
