"""What Schemathesis cannot know: which models there are, without which nearly every request would end at an unknown one, and how much is
too much for a test. It builds values at each bound that the document names, and some of these are megabytes."""

import schemathesis

MODEL = "smollm2-135m-instruct"
SIZES = ("maxItems", "maxLength", "maxProperties")
LARGEST_SIZE = 64


@schemathesis.hook
def before_load_schema(context, raw_schema):
    leave_out_large_sizes(raw_schema)


def leave_out_large_sizes(node):
    if isinstance(node, dict):
        for size in SIZES:
            if isinstance(node.get(size), int) and node[size] > LARGEST_SIZE:
                del node[size]
    for child in node.values() if isinstance(node, dict) else node if isinstance(node, list) else ():
        leave_out_large_sizes(child)


@schemathesis.hook
def map_body(context, body):
    if isinstance(body, dict) and isinstance(body.get("model"), str):
        body["model"] = MODEL
    return body


@schemathesis.hook
def map_path_parameters(context, path_parameters):
    if path_parameters and len(str(path_parameters.get("model", ""))) % 2:
        path_parameters["model"] = MODEL
    return path_parameters
