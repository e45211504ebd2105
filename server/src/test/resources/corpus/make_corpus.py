"""Renders our own chat templates with the real transformers and writes what came out, one JSON file for each template."""

import copy
import json
from datetime import datetime
from pathlib import Path

import jinja2
import transformers.utils.chat_template_utils as chat_template_utils
from tokenizers import Tokenizer
from tokenizers.models import WordLevel
from transformers import PreTrainedTokenizerFast

NOW = "2026-03-07 15:04:09"


class PinnedDatetime(datetime):
    @classmethod
    def now(cls, tz=None):
        return cls.strptime(NOW, "%Y-%m-%d %H:%M:%S")


chat_template_utils.datetime = PinnedDatetime


def system(content):
    return {"role": "system", "content": content}


def user(content):
    return {"role": "user", "content": content}


def assistant(content, **more):
    return {"role": "assistant", "content": content, **more}


def tool(content, call_id="call_1"):
    return {"role": "tool", "content": content, "tool_call_id": call_id}


def call(name, arguments, call_id="call_1"):
    return {"id": call_id, "type": "function", "function": {"name": name, "arguments": arguments}}


WEATHER = {
    "type": "function",
    "function": {
        "name": "weather",
        "description": 'The weather of a place, such as "Zürich".',
        "parameters": {
            "type": "object",
            "properties": {
                "place": {"type": "string", "description": "a <town> & its country"},
                "unit": {"type": "string", "enum": ["C", "F"], "default": "C"},
                "days": {"type": ["integer", "null"], "minimum": 1},
                "at": {"type": "array", "items": {"type": "object", "properties": {"lat": {"type": "number"}, "lon": {"type": "number"}}}},
            },
            "required": ["place"],
        },
    },
}
CLOCK = {"type": "function", "function": {"name": "clock", "description": "The time.", "parameters": {"type": "object", "properties": {}}}}

TURNS = [system("Be brief."), user("Why is the sea salty?"), assistant("Rivers carry salt into it."), user("And lakes?")]
CALLS = [
    user("Weather in Zürich?"),
    assistant("", tool_calls=[call("weather", {"place": "Zürich", "days": 2, "exact": True, "at": None, "t": 1.0})]),
    tool('{"t": 12.5}'),
]
DOCUMENTS = [{"title": "Seas", "text": "Salt comes from rivers.", "year": 1901}, {"text": "No title.", "tags": ["a", "b"]}]


def case(messages, **more):
    return {"messages": messages, **more}


TEMPLATES = {
    "macros": {
        "bos_token": "<s>",
        "eos_token": "</s>",
        "template": """{#- Tools as TypeScript: a recursive macro with defaults and keyword arguments, and a block given to a macro. -#}
{%- macro type_of(schema, depth=0, optional=false) %}
    {%- if schema.enum %}
        {{- schema.enum | map('tojson') | join(' | ') }}
    {%- elif schema.type is string and schema.type == 'array' %}
        {{- type_of(schema['items'] or {}, depth=depth) + '[]' }}
    {%- elif schema.type is string and schema.type == 'object' %}
        {{- '{' }}
        {%- for name, property in (schema.properties or {}).items() %}
            {{- '\\n' + '  ' * (depth + 1) }}
            {%- if property.description %}{{ '// ' ~ property.description ~ '\\n' ~ '  ' * (depth + 1) }}{% endif %}
            {{- name }}{{ '' if name in (schema.required or []) else '?' }}: {{ type_of(property, depth + 1, optional=true) }}
            {%- if property.default is defined %}, // default: {{ property.default | tojson }}{% endif %}
        {%- endfor %}
        {{- '\\n' + '  ' * depth if schema.properties }}{{ '}' }}
    {%- elif schema.type is iterable and schema.type is not string %}
        {{- schema.type | join(' | ') }}
    {%- else %}
        {{- {'integer': 'number'}[schema.type] or schema.type or 'any' }}
    {%- endif %}
{%- endmacro %}
{%- macro turn(role) %}<{{ role }}>{{ caller() }}{{ eos_token }}{% endmacro %}
{{- bos_token }}
{%- for tool in tools or [] %}
{{ '// ' + tool.function.description }}
type {{ tool.function.name }} = (_: {{ type_of(tool.function.parameters) }}) => any;
{% endfor %}
{%- for message in messages %}
    {%- call turn(message.role) %}{{ message.content | trim }}{% endcall %}
{%- endfor %}
{{- '<assistant>' if add_generation_prompt }}""",
        "cases": {
            "turns": case(TURNS),
            "tools": case([user("Weather?")], tools=[WEATHER, CLOCK]),
            "no-generation-prompt": case(TURNS, add_generation_prompt=False),
            "continue": case([user("Count."), assistant("One, two, ")], add_generation_prompt=False, continue_final_message=True),
            "odd-schema": case([user("x")], tools=[{"type": "function", "function": {"name": "f", "description": "d", "parameters": {"type": "array"}}}]),
        },
    },
    "namespaces": {
        "bos_token": None,
        "eos_token": "<end>",
        "template": """{%- set ns = namespace(last_user=-1, system='', count=0) %}
{%- for message in messages %}
    {%- if message.role == 'user' %}{% set ns.last_user = loop.index0 %}{% endif %}
    {%- if message.role == 'system' %}{% set ns.system = ns.system ~ ('\\n\\n' if ns.system else '') ~ message.content %}{% endif %}
{%- endfor %}
{%- set seen = 0 %}
{%- for message in messages if message.role != 'system' %}
    {%- set seen = seen + 1 %}
    {%- set ns.count = ns.count + 1 %}
    {%- if loop.previtem is defined and loop.previtem.role == message.role %}{{ '+' }}{% endif %}
    {{- loop.index }}/{{ loop.length }}{{ '*' if loop.first }}{{ '!' if loop.last }}:{{ message.role[0] | upper }}
    {%- if messages[ns.last_user] == message and ns.system %}[{{ ns.system }}]{% endif %}
    {{- ' ' ~ message.content ~ eos_token ~ loop.cycle('a', 'b') }}
    {%- if loop.nextitem is defined %} > {{ loop.nextitem.role }}{% endif %}
    {%- if ns.count >= 4 %}{% break %}{% endif %}
    {%- if message.content == 'skip' %}{% continue %}{% endif %}
    {{- '\\n' }}
{%- else %}
    {{- 'nobody speaks' }}
{%- endfor %}
{{- '#' ~ seen ~ ns.count ~ (bos_token is defined) }}""",
        "cases": {
            "turns": case(TURNS),
            "two-systems": case([system("a"), user("x"), system("b"), user("y")]),
            "same-role-twice": case([user("x"), user("skip"), assistant("z")]),
            "stops-after-four": case([user(str(i)) for i in range(7)]),
            "only-system": case([system("a")]),
        },
    },
    "json": {
        "bos_token": "<s>",
        "eos_token": "</s>",
        "template": """{{- bos_token }}
{%- for tool in tools or [] %}
{{ tool | tojson }}
{{ tool.function | tojson(indent=2) }}
{{ tool.function.parameters | tojson(ensure_ascii=true, sort_keys=true) }}
{{ tool.function.parameters.properties | tojson(separators=(',', ':')) }}
{{ tool.function.parameters.properties }}
{%- endfor %}
{%- for message in messages %}
{{ message | tojson }}
{%- for call in message.tool_calls or [] %}
{{ call.function.name }}({% for key, value in call.function.arguments.items() %}{{ key }}={{ value }}|{{ value | tojson }}{{ ', ' if not loop.last }}{% endfor %})
{{ call.function.arguments | dictsort | tojson }} {{ call.function.arguments | length }} {{ 'days' in call.function.arguments }}
{%- endfor %}
{%- endfor %}
{{ [1, 2.0, 1e-7, 1e22, none, true, 'q"\\'\\\\', [], {}] | tojson }} {{ [1, 2.0, 1e-7, 1e22, none, true, 'q"\\'\\\\', [], {}] }}
""",
        "cases": {
            "calls": case(CALLS, tools=[WEATHER]),
            "turns": case(TURNS),
            "numbers": case([user("x"), assistant("", tool_calls=[call("f", {"big": 12345678901234567890, "small": -0.0, "e": 1e100, "nested": {"é": ["\u2028", "\n"]}})])]),
        },
    },
    "white-space": {
        "bos_token": "<s>",
        "eos_token": "</s>",
        "template": """{# a comment, whose line goes #}
  {{ bos_token }}
  {% if messages %}
  {# inside #}
    {%- for message in messages -%}
      \t{{ message.role }}:  {{- message.content -}}
      {%+ if loop.last %} last {% endif +%}
      end
    {% endfor %}
  {% endif %}
{% raw %}{{ not code }} {% if %}{% endraw %}
{% set block %}
  kept
    as it is {{ eos_token }}
{% endset %}
[{{ block }}][{{ block | trim }}]
{% filter upper %}
  loud {{ messages | length }}
{% endfilter %}
{%- if add_generation_prompt %}

  go:
{% endif %}
""".replace("end\n", "end\r\n"),
        "cases": {
            "turns": case(TURNS),
            "content-with-spaces": case([user("  a \n"), assistant("\r\n\tb\u00a0"), user("\n")]),
            "no-generation-prompt": case([user("x")], add_generation_prompt=False),
        },
    },
    "reasoning": {
        "bos_token": None,
        "eos_token": "<|im_end|>",
        "template": """{%- set ns = namespace(last=messages | length - 1, searching=true) %}
{%- for message in messages[::-1] %}
    {%- set index = messages | length - 1 - loop.index0 %}
    {%- if ns.searching and message.role == 'user' %}{% set ns.searching = false %}{% set ns.last = index %}{% endif %}
{%- endfor %}
{%- for message in messages %}
    {%- if message.content is string %}{% set content = message.content %}{% else %}{% set content = '' %}{% endif %}
    {{- '<|im_start|>' + message.role + '\\n' }}
    {%- if message.role == 'assistant' %}
        {%- set thought = '' %}
        {%- if message.reasoning_content is string %}
            {%- set thought = message.reasoning_content %}
        {%- elif '</think>' in content %}
            {%- set thought = content.split('</think>')[0].rstrip('\\n').split('<think>')[-1].lstrip('\\n') %}
            {%- set content = content.split('</think>')[-1].lstrip('\\n') %}
        {%- endif %}
        {%- if loop.index0 > ns.last and thought %}{{ '<think>\\n' + thought.strip('\\n') + '\\n</think>\\n\\n' }}{% endif %}
    {%- endif %}
    {{- content + eos_token + '\\n' }}
{%- endfor %}
{%- if add_generation_prompt %}
    {{- '<|im_start|>assistant\\n' }}
    {%- if enable_thinking is defined and enable_thinking is false %}{{ '<think>\\n\\n</think>\\n\\n' }}{% endif %}
{%- endif %}""",
        "cases": {
            "turns": case(TURNS),
            "thoughts-in-text": case([user("a"), assistant("<think>\nold\n</think>\n\nx"), user("b"), assistant("<think>\nnew\n</think>\n\ny")]),
            "thoughts-aside": case([user("a"), assistant("x", reasoning_content="because")], add_generation_prompt=False),
            "thoughts-by-another-name": case([user("a"), assistant("x", reasoning="because")], add_generation_prompt=False),
            "not-thinking": case([user("a")], kwargs={"enable_thinking": False}),
            "thinking": case([user("a")], kwargs={"enable_thinking": True}),
            "no-content": case([user("a"), {"role": "assistant", "content": None}, user("b")]),
            "continue": case([user("a"), assistant("Begun, not ")], add_generation_prompt=False, continue_final_message=True),
        },
    },
    "text": {
        "bos_token": "<s>",
        "eos_token": "</s>",
        "template": """{%- for message in messages %}
{%- set text = message.content %}
{{ text | length }} {{ text.strip() }} {{ text.split() }} {{ text.split(' ', 1) | last }} {{ text | replace('a', 'o') | title }}
{{ text.startswith('a') }} {{ text.endswith(('.', '?')) }} {{ text.upper()[:5] }} {{ text[::-1] }} {{ text[-3:] }} {{ 'sea' in text }}
{{ '%s|%5d|%.2f' | format(text[:2], loop.index, 1.5) }} {{ '{}-{}'.format(text[0:1], loop.index0) }} {{ text ~ 1 ~ none ~ true }}
{{ text | tojson }} {{ [text] }} {{ text | capitalize }} {{ text | lower | trim('?') }} {{ text * 2 if text | length < 4 }}
{%- endfor %}
{{ messages | selectattr('role', 'equalto', 'user') | map(attribute='content') | join(' + ') }}
{{ messages | rejectattr('role', 'in', ['user']) | list | length }} {{ messages | map(attribute='role') | unique | sort | join(',') }}
{{ [3, 1, 2] | sort(reverse=true) }} {{ [1, 2, 3] | sum }} {{ [4, 2] | min }} {{ (1, 'a') }} {{ range(3) | list }} {{ 7 // 2 }} {{ 7 / 2 }} {{ -7 % 3 }}
{{ missing | default('nothing') }}{{ missing }}{{ missing is defined }} {{ '' or 'empty' }} {{ none is none }} {{ 1 == 1.0 }} {{ 2 ** 10 }}
{{ 'a' < 'b' < 'c' }} {{ not [] }} {{ [1, 2] + [3] }} {{ {'b': 1, 'a': 2} | dictsort }} {{ 'x' if false }}
""",
        "cases": {
            "turns": case(TURNS),
            "unicode": case([user("aß İ ﬁ 東京 🐚 e\u0301"), assistant("\u00a0a\u2003b\x0bc\u200b")]),
            "quotes": case([user("it's \"so\" \\ \t\x00 \u2028")]),
            "empty": case([user("")]),
        },
    },
    "documents": {
        "bos_token": "<s>",
        "eos_token": "</s>",
        "template": """{{- bos_token + strftime_now('%d %b %Y, %A %H:%M:%S') + (' ' + date_string if date_string is defined else '') }}
{%- if documents is not none and documents %}
    {%- for document in documents %}

## {{ loop.index0 }} {{ document.title or 'untitled' }}{% for key, value in document.items() if key not in ('title', 'text') %} ({{ key | title }}: {{ value }}){% endfor %}
{{ document['text'] | indent(2, first=true) }}
    {%- endfor %}
{%- endif %}
{% for message in messages -%}
{{ message.role }}: {% if message.content is string %}{{ message.content }}{% else %}
{%- for part in message.content %}{{ part.text if part.type == 'text' else '<' ~ part.type ~ '>' }}{% endfor %}{% endif %}

{% endfor %}""",
        "cases": {
            "documents": case([user("Why?")], documents=DOCUMENTS),
            "none": case(TURNS),
            "date": case([user("Why?")], kwargs={"date_string": "26 Jul 2024"}),
            "parts": case([user([{"type": "text", "text": "Look: "}, {"type": "image"}, {"type": "text", "text": "!"}])]),
        },
    },
    "refusals": {
        "bos_token": "<s>",
        "eos_token": "</s>",
        "template": """{{- bos_token }}
{%- for message in messages %}
    {%- if (message.role == 'user') != (loop.index0 % 2 == 0) %}
        {{- raise_exception("Message " ~ loop.index ~ " is the " + message.role + "'s, which is not \\"in order\\".") }}
    {%- endif %}
    {%- if message.content == 'undefined' %}{{ message.nothing.more }}
    {%- elif message.content == 'call' %}{{ nobody('x') }}
    {%- elif message.content == 'add' %}{{ 'a' + 1 }}
    {%- elif message.content == 'append' %}{{ messages.append('x') }}
    {%- elif message.content == 'private' %}{{ message.__class__ }}
    {%- elif message.content == 'filter' %}{{ 'x' | no_such_filter }}
    {%- elif message.content == 'lazy' %}{{ messages | map(attribute='role') | tojson }}
    {%- elif message.content == 'divide' %}{{ 1 / 0 }}
    {%- elif message.content == 'missing' %}{{ message.nothing }}{{ nobody }}{{ message['nothing'] | length }}
    {%- endif %}
    {{- message.content + eos_token }}
{%- endfor %}""",
        "cases": {
            "in-order": case([user("a"), assistant("b")]),
            "out-of-order": case([user("a"), user("b")]),
            **{name: case([user(name)]) for name in ("undefined", "call", "add", "append", "private", "lazy", "divide", "missing")},
            "continue-nothing": case([user("a"), {"role": "assistant"}], add_generation_prompt=False, continue_final_message=True),
        },
    },
}


def kind(error):
    if isinstance(error, jinja2.exceptions.SecurityError):
        return "security"
    if isinstance(error, jinja2.exceptions.UndefinedError):
        return "undefined"
    if isinstance(error, jinja2.exceptions.TemplateSyntaxError):
        return "syntax"
    if type(error) is jinja2.exceptions.TemplateError:
        return "raise_exception"
    trace = error.__traceback__
    while trace:
        if trace.tb_frame.f_code.co_filename == "<template>":
            return "runtime"
        trace = trace.tb_next
    return "api"


def render(template, test_case):
    tokens = {name: template[name] for name in ("bos_token", "eos_token") if template[name] is not None}
    tokenizer = PreTrainedTokenizerFast(tokenizer_object=Tokenizer(WordLevel({"x": 0}, unk_token="x")), **tokens)
    tokenizer.chat_template = template["template"]
    return tokenizer.apply_chat_template(
        copy.deepcopy(test_case["messages"]),
        tools=test_case.get("tools"),
        documents=test_case.get("documents"),
        add_generation_prompt=test_case["add_generation_prompt"],
        continue_final_message=test_case.get("continue_final_message", False),
        tokenize=False,
        **test_case["kwargs"],
    )


def rendered(template, name, test_case):
    result = {"id": name, "tier": "core", **test_case}
    result.setdefault("kwargs", {})
    result.setdefault("add_generation_prompt", True)
    try:
        result["expected"] = render(template, result)
    except Exception as error:  # whatever the real thing throws is what is to be known
        result["error"] = {"kind": kind(error), "type": type(error).__name__, "message": str(error)}
    return result


for name, template in TEMPLATES.items():
    file = {
        "name": name,
        "family": "conch",
        "source": "conch:server/src/test/resources/corpus/make_corpus.py",
        "license": None,
        "template": template["template"],
        "bos_token": template["bos_token"],
        "eos_token": template["eos_token"],
        "now": NOW,
        "cases": [rendered(template, case_name, copy.deepcopy(c)) for case_name, c in template["cases"].items()],
    }
    path = Path(__file__).with_name(name + ".json")
    path.write_text(json.dumps(file, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
