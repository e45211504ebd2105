"""What Schemathesis cannot know: which models there are, without which nearly every request would end at an unknown one, and how much is
too much for a test. It builds values at each bound that the document names, and some of these are megabytes."""

import schemathesis

MODEL = "smollm2-135m-instruct"
SIZES = ("maxItems", "maxLength", "maxProperties")
LARGEST_SIZE = 64


@schemathesis.hook
def before_load_schema(context, raw_schema):
    for node in objects(raw_schema):
        for size in SIZES:
            if isinstance(node.get(size), int) and node[size] > LARGEST_SIZE:
                del node[size]
        if isinstance(node.get("properties"), dict) and "model" in node["properties"]:
            node["properties"]["model"] = {"const": MODEL}
        if node.get("name") == "model" and node.get("in") == "path":
            node["schema"] = {"enum": [MODEL, "other/model"]}


def objects(node):
    """All objects of a document, from the outside in."""
    if isinstance(node, dict):
        yield node
    for child in node.values() if isinstance(node, dict) else node if isinstance(node, list) else ():
        yield from objects(child)
