"""llama.cpp's own server, from the very library that the CPU engine uses.

Arguments: model, threads, slots, context of each slot. Says where it listens; ends when its standard
input does.
"""

import sys

import xllamacpp


def main():
    model, threads, slots, context = sys.argv[1:]
    params = xllamacpp.CommonParams()
    params.model.path = model
    params.port = 0
    params.cpuparams.n_threads = params.cpuparams_batch.n_threads = int(threads)
    params.n_parallel = int(slots)
    params.n_ctx = int(slots) * int(context)
    server = xllamacpp.Server(params)
    print("at", server.listening_address, flush=True)
    sys.stdin.read()


if __name__ == "__main__":
    main()
