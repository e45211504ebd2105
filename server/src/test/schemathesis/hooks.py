"""What Schemathesis cannot know: which models there are. Without it nearly every request would end at an unknown model."""

import schemathesis

MODEL = "smollm2-135m-instruct"


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
