# Triton with the CPU engine and its small model, for machines without a GPU: the same tensors, the same server code. Built from the root of
# the repository:  docker build -f deploy/triton-cpu.Dockerfile -t conch-triton-cpu:0.1.0 .

FROM python:3.11.13-slim-bookworm
# llama.cpp's threads
RUN apt-get update \
    && apt-get install --yes --no-install-recommends libgomp1=12.2.* \
    && rm -rf /var/lib/apt/lists/*
# Triton, llama.cpp and the model, as `make models` installs them in a checkout; the model's folder for the front end lies in models/ then.
COPY triton-models /opt/conch/triton-models
RUN /opt/conch/triton-models/bin/setup \
    && rm -rf ~/.cache \
    && mkdir /opt/conch/.conch/run && chown 1000:1000 /opt/conch/.conch/run
ENV PYTHONDONTWRITEBYTECODE=1
USER 1000:1000
# HTTP (probes), gRPC (the front end), metrics
EXPOSE 8000 8001 8002
HEALTHCHECK --interval=5s --timeout=5s --start-period=2m \
    CMD ["python3", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8000/v2/health/ready', timeout=4)"]
ENTRYPOINT ["/opt/conch/triton-models/bin/serve", "--host=0.0.0.0"]
