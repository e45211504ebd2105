"""Renders small templates with the real Jinja2, set up as transformers does it, and writes what came out: golden.json."""

import json
from datetime import datetime
from pathlib import Path

import jinja2
from jinja2.ext import Extension, loopcontrols
from jinja2.nodes import CallBlock
from jinja2.sandbox import ImmutableSandboxedEnvironment

NOW = datetime(2026, 3, 7, 15, 4, 9)

CONTEXT = {
    "word": "Triton",
    "text": "  Hello, Wörld\n",
    "number": 7,
    "big": 12345678901234567890,
    "real": 2.5,
    "yes": True,
    "no": False,
    "nothing": None,
    "items": [3, 1, 2],
    "names": ["b", "A", "c", "a"],
    "nested": {"b": {"x": [1, 2.0, None, True]}, "a": "ä\"\n\u0001<&>'", "items": "shadowed"},
    "people": [
        {"name": "Ann", "age": 30, "tags": ["x"]},
        {"name": "bob", "age": 25},
        {"name": "Cid", "age": 35, "tags": []},
    ],
    "emoji": "a🐚b😀",
}

GROUPS = {
    "white space": [
        "a\n{% if yes %}\nb\n{% endif %}\nc",
        "a\n  {% if yes %}  \n  b\n  {% endif %}\n  c\n",
        "a \n {%- if yes -%} \n b \n {%- endif -%} \n c",
        "  {%+ if yes %}x{% endif +%}\n y",
        "a {{- word -}} \n b",
        "  {{ word }}\n\n",
        "x\r\ny\rz{{ 'a\r\nb' }}\n",
        "a\n  {# note #}\n  b{#- c -#}  \n d",
        "{# a #}{# b #}\n{% set x = 1 %}\n{{ x }}",
        "{% raw %} {{ not }} {% endraw %}\nend",
        "a {%- raw -%}  {% if %}  {%- endraw -%} b",
        "x{% if yes %}  {% endif %}y",
        "{% for i in items %}\n  {{ i }}\n{% endfor %}\n",
        "{{ {'a': {'b': 1}}['a']['b'] }}}}",
        "{",
        "a{b} {",
        "",
        "\n",
        "\n\n",
    ],
    "literals": [
        "{{ 1 }} {{ 1.0 }} {{ 1e-7 }} {{ 1e22 }} {{ 123456789.125 }} {{ 1_000 }} {{ 0x1F }} {{ 0b11 }} {{ 1e16 }} {{ 0.0001 }} {{ 0.00001 }}",
        "{{ -0.0 }} {{ 1e400 }} {{ -1e400 }} {{ 100.0 }} {{ 1.5e300 }} {{ 5e-324 }}",
        "{{ 'a' \"b\" 'c' }}",
        r"{{ 'a\n\t\\\'\"\x41\u00e4\U0001F41A\#\101\d' }}",
        "{{ 'a\\\nb' }}",
        "{{ [1, 'a', none, true, 2.0, [], {}] }}",
        "{{ (1,) }} {{ (1, 'b') }} {{ () }} {{ 1, 2 }}",
        "{{ {'a': 1, 2: 'b', none: [true], 1.5: ()} }}",
        "{{ {1: 'a', 1.0: 'b', true: 'c'} }}",
        "{{ true }} {{ True }} {{ none }} {{ None }} {{ false }}",
        "{{ ['it\\'s', '\"', 'both\\'\"', 'ä\\n\\u200b\\xa0🐚'] }}",
        "{{ [1, 2,] }} {{ {'a': 1,} }}",
    ],
    "operators": [
        "{{ 7 // 2 }} {{ -7 // 2 }} {{ 7 % -3 }} {{ -7 % 3 }} {{ 7 / 2 }} {{ 6 / 2 }} {{ 2 ** 10 }} {{ 2 ** -1 }} {{ 7.5 // 2 }} {{ -7.5 % 2 }}",
        "{{ 1 + 2 * 3 ** 2 - 4 }} {{ (1 + 2) * 3 }} {{ -2 ** 2 }} {{ 2 ** 3 ** 2 }} {{ +3 }} {{ 1 - -1 }}",
        "{{ big + 1 }} {{ big * big }} {{ true + true }} {{ 1 + 1.0 }} {{ 0.1 + 0.2 }}",
        "{{ 'a' + 'b' }} {{ 'ab' * 3 }} {{ 2 * 'x' }} {{ [1] + [2] }} {{ [0] * 3 }} {{ (1,) + (2,) }} {{ 'x' * -1 }}|",
        "{{ 1 ~ 'a' ~ none ~ 2.0 ~ [1] }} {{ 1 ~ 2 * 3 }}",
        "{{ 1 ~ 2 + 3 }}",
        "{{ 1 == 1.0 }} {{ 1 == true }} {{ '1' == 1 }} {{ none == none }} {{ [1, 2] == [1.0, 2] }} {{ (1,) == [1] }} {{ {'a': 1} == {'a': 1.0} }} {{ x == y }}",
        "{{ 1 < 2 < 3 }} {{ 1 < 3 < 2 }} {{ 'a' < 'b' }} {{ [1, 2] < [1, 3] }} {{ 1 != 2 }} {{ 2 >= 2.0 }} {{ 'Z' < 'a' }} {{ big > 1.5 }}",
        "{{ 1 in items }} {{ 9 not in items }} {{ 'it' in word }} {{ 'name' in people[0] }} {{ 1 in x }} {{ not 1 in items }} {{ '' in word }}",
        "{{ 0 or 'a' }} {{ '' and 'b' }} {{ 1 and 'c' }} {{ not '' }} {{ not x }} {{ none or [] or 0 }}",
        "{{ 'a' if yes else 'b' }} {{ 'a' if no else 'b' }} {{ 'a' if no }}| {{ 1 if no else 2 if no else 3 }}",
        "{{ 1 if yes and not no or no }}",
        "{{ 1 + 'a' }}",
        "{{ 'a' + 1 }}",
        "{{ 'a' + none }}",
        "{{ 'a' + x }}",
        "{{ x + 'a' }}",
        "{{ 1 < 'a' }}",
        "{{ x < 1 }}",
        "{{ 1 in 5 }}",
        "{{ 1 in 'abc' }}",
        "{{ 1 // 0 }}",
        "{{ 1.0 / 0 }}",
        "{{ -'a' }}",
        "{{ '%s is %d, %.2f %r %5s|%-5s|%05d %%' % ('a', 3, 2.555, 'b', 'c', 'd', 42) }} {{ '%s' % word }}",
        "{{ '%(a)s' % {'a': 1} }} {{ '%d' % 2.9 }} {{ '%s' % 'x' ~ 'y' }}",
        "{{ '%s %s' % ('a',) }}",
        "{{ '%s' % ('a', 'b') }}",
    ],
    "access": [
        "{{ nested.a }} {{ nested['a'] }} {{ nested.b.x[1] }} {{ nested['b']['x'][-1] }} {{ people[1].name }} {{ people.0.name }}",
        "{{ nested.items() | list | length }} {{ nested['items'] }} {{ nested.get('zz') }} {{ nested.get('zz', 1) }} {{ nested.keys() | list }} {{ people[0].values() | list }}",
        "{{ nested.zz }}| {{ nested['zz'] }}| {{ items[9] }}| {{ word.zz }}| {{ number.zz }}| {{ none.zz }}| {{ items['a'] }}|",
        "{{ nested.zz.y }}",
        "{{ x.y }}",
        "{{ x['y'] }}",
        "{{ x() }}",
        "{{ word() }}",
        "{{ word.zz() }}",
        "{{ word[0] }} {{ word[-1] }} {{ word[1:] }} {{ word[:-2] }} {{ word[::-1] }} {{ word[1:5:2] }} {{ word[-3:] }} {{ word[9:] }}| {{ word[:] }} {{ word[5:1] }}|",
        "{{ emoji[1] }} {{ emoji | length }} {{ emoji[::-1] }} {{ emoji[2:] }} {{ emoji[:2] }} {{ emoji | list }} {{ emoji[::2] }}",
        "{{ items[1:] }} {{ items[::-1] }} {{ items[-2:] }} {{ items[:1] }} {{ (1, 2, 3)[::2] }} {{ items[true] }} {{ items[none:2] }} {{ items[5:0:-2] }}",
        "{{ items[1:2:0] }}",
        "{{ number[1:] }}",
        "{{ none[0] }}|",
        "{{ items.append(4) }}",
        "{{ items.append }}|",
        "{{ nested.update({}) }}",
        "{{ nested.pop('a') }}",
        "{{ items.index(1) }} {{ items.count(1) }}",
        "{{ word.__class__ }}|",
        "{{ word.__class__.__mro__ }}",
        "{{ ''.__class__() }}",
    ],
    "statements": [
        "{% if no %}a{% elif number > 5 %}b{% else %}c{% endif %}{% if x %}d{% endif %}{% if items %}e{% endif %}{% if [] or 0.0 or {} or '' %}f{% endif %}",
        "{% for i in items %}{{ loop.index }}{{ loop.index0 }}{{ loop.revindex }}{{ loop.revindex0 }}{{ loop.first }}{{ loop.last }}{{ loop.length }};{% endfor %}",
        "{% for i in items %}{{ loop.previtem }}<{{ i }}>{{ loop.nextitem }},{{ loop.cycle('a', 'b') }}{{ loop.changed(i > 1) }};{% endfor %}",
        "{% for i in [] %}a{% else %}none{% endfor %}{% for i in x %}a{% else %}undefined{% endfor %}",
        "{% for k, v in people[0].items() %}{{ k }}={{ v }};{% endfor %}{% for (a, b), c in [((1, 2), 3)] %}{{ a }}{{ b }}{{ c }}{% endfor %}",
        "{% for k in nested %}{{ k }},{% endfor %}{% for c in word %}{{ c }}.{% endfor %}",
        "{% for p in people if p.age > 26 %}{{ loop.index }}{{ p.name }}{{ loop.last }};{% else %}-{% endfor %}",
        "{% for p in people if p.age > 99 %}a{% else %}b{% endfor %}",
        "{% for a, b in [1] %}{% endfor %}",
        "{% for a, b in [(1, 2, 3)] %}{% endfor %}",
        "{% for i in number %}{% endfor %}",
        "{% for i in none %}{% endfor %}",
        "{% for i in range(10) %}{% if i == 2 %}{% continue %}{% elif i > 4 %}{% break %}{% endif %}{{ i }}{% endfor %}",
        "{% for i in items %}{% for j in items %}{% if j == 1 %}{% break %}{% endif %}{{ i }}{{ j }} {% endfor %}{{ loop.index }}{% endfor %}",
        "{% for n in [[1, [2, []]], [3]] recursive %}{% if n is iterable %}({{ loop(n) }}){{ loop.depth }}{% else %}{{ n }}{% endif %}{% endfor %}",
        "{% set a = 1 %}{% for i in items %}{% set a = a + i %}{{ a }} {% endfor %}{{ a }}",
        "{% set a = 1 %}{% if yes %}{% set a = 2 %}{% endif %}{{ a }}",
        "{% set a, b = 1, 2 %}{{ a }}{{ b }}{% set c = 1, 2 %}{{ c }}{% set (d, e) = [3, 4] %}{{ d }}{{ e }}",
        "{% set ns = namespace(n=0, s='') %}{% for i in items %}{% set ns.n = ns.n + i %}{% set ns.s = ns.s ~ i %}{% endfor %}{{ ns.n }}{{ ns.s }}{{ ns.zz }}|",
        "{% set ns = namespace({'a': 1}, b=2) %}{{ ns.a }}{{ ns.b }}",
        "{% set a = {} %}{% set a.b = 1 %}",
        "{% set a %}x{{ word }}\n{% endset %}[{{ a }}]{{ a is string }}{% set b | upper %}y{% endset %}{{ b }}",
        "{% filter upper | replace('I', 'j') %}a{{ word }}{% endfilter %}",
        "{% with a = 1, b = number %}{{ a + b }}{% set a = 5 %}{{ a }}{% endwith %}{{ a }}|",
        "{% macro f(a, b=2, c=a) %}{{ a }}{{ b }}{{ c }};{% endmacro %}{{ f(1) }}{{ f(1, 3) }}{{ f(b=5, a=4) }}{{ f() }}{{ f(1, 2, 3) }}",
        "{% macro f(a) %}{{ a }}{% endmacro %}{{ f(1, 2) }}",
        "{% macro f(a) %}{{ a }}{% endmacro %}{{ f(b=2) }}",
        "{% macro f(a) %}{{ a }}{{ varargs }}{{ kwargs }}{% endmacro %}{{ f(1, 2, 3, z=4) }}",
        "{% macro f(n) %}{{ n }}{% if n > 0 %}{{ f(n - 1) }}{% endif %}{% endmacro %}{{ f(3) }}",
        "{% macro f() %}{{ later }}{% endmacro %}{% set later = 'x' %}{{ f() }}",
        "{% macro f() %}<{{ caller('a') }}>{% endmacro %}{% call(p) f() %}{{ p }}{{ word }}{% endcall %}",
        "{% macro f() %}{{ caller() }}{% endmacro %}{{ f() }}",
        "{% macro f(a) %}{% set a = a + 1 %}{{ a }}{% endmacro %}{% set a = 5 %}{{ f(1) }}{{ a }}",
        "{% macro f(*args) %}{% endmacro %}",
        "{% macro g(a, b) %}{{ a }}-{{ b }}{% endmacro %}{{ g(*[1, 2]) }}{{ g(**{'a': 3, 'b': 4}) }}{{ g(1, **{'b': 2}) }}",
        "a{% generation %}{{ word }}{% set q = 1 %}{% endgeneration %}{{ q }}b",
        "{{ raise_exception('No: ' ~ word) }}",
        "{{ raise_exception('ä\n') }}",
        "{% if no %}{{ word | nofilter }}{% endif %}ok",
        "{% if yes %}{{ word | nofilter }}{% endif %}",
        "{% if no %}{{ word is notest }}{% endif %}ok",
        "{% endif %}",
        "{% if yes %}",
        "{% for i in items %}{% endif %}",
        "{% break %}",
        "{{ }}",
        "{{ 1 + }}",
        "{% set = 1 %}",
        "{{ 'a }}",
        "{{ a b }}",
        "{% nope %}",
        "{{ (1 }}",
        "{{ 1) }}",
        "{# open",
        "{% raw %}open",
        "{{ f(a=1, 2) }}",
        "{% set none = 1 %}",
    ],
    "filters": [
        "[{{ text | trim }}] [{{ 'xxaxx' | trim('x') }}] [{{ none | trim }}]",
        "{{ word | upper }} {{ word | lower }} {{ 'hello wOrld-foo (bar' | title }} {{ 'hELLO wORLD' | capitalize }} {{ 'ß' | upper }} {{ 5 | upper }}",
        "{{ items | length }} {{ word | length }} {{ nested | count }} {{ x | length }} {{ () | length }}",
        "{{ none | length }}",
        "{{ 5 | length }}",
        "{{ items | map('string') | list }} {{ people | map(attribute='name') | join(', ') }} {{ people | map(attribute='tags.0', default='-') | list }} {{ names | map('upper') | list }} {{ ['a-b'] | map('replace', '-', '+') | list }}",
        "{{ people | selectattr('tags') | map(attribute='name') | list }} {{ people | selectattr('age', '>', 26) | map(attribute='name') | list }} {{ people | rejectattr('tags', 'defined') | list | length }} {{ people | selectattr('name', 'equalto', 'bob') | list }}",
        "{{ items | select('odd') | list }} {{ items | reject('odd') | list }} {{ [0, 1, '', 'a', none] | select | list }} {{ items | reject('in', [1, 2]) | list }}",
        "{{ people | map(attribute='age') | length }}",
        "{{ people | map(attribute='age') | tojson }}",
        "{% set g = items | map('string') %}{{ g | join }}{{ g | join }}|",
        "{{ items | join }} {{ items | join('-') }} {{ people | join('+', attribute='name') }} {{ word | join('.') }} {{ x | join }}|",
        "{{ items | first }} {{ items | last }} {{ [] | first }}| {{ word | first }} {{ word | last }} {{ [] | last }}|",
        "{{ items | sort }} {{ names | sort }} {{ names | sort(case_sensitive=true) }} {{ items | sort(reverse=true) }} {{ people | sort(attribute='age') | map(attribute='name') | list }} {{ people | sort(attribute='name', reverse=true) | map(attribute='name') | list }}",
        "{{ [1, 'a'] | sort }}",
        "{{ items | min }} {{ items | max }} {{ names | min }} {{ people | max(attribute='age') }} {{ [] | min }}| {{ items | sum }} {{ people | sum(attribute='age') }} {{ items | sum(start=10) }}",
        "{{ ['a', 'A', 'b', 'a'] | unique | list }} {{ ['a', 'A'] | unique(case_sensitive=true) | list }} {{ people | unique(attribute='name') | list | length }}",
        "{{ people | unique(attribute='tags') | list }}",
        "{{ items | reverse | list }} {{ word | reverse }} {{ items | list }} {{ word | list }} {{ nested | list }}",
        "{{ {'b': 1, 'A': 2, 'c': 0} | dictsort }} {{ {'b': 1, 'A': 2} | dictsort(case_sensitive=true) }} {{ {'b': 1, 'a': 2} | dictsort(by='value', reverse=true) }}",
        "{{ x | default('d') }} {{ '' | default('d') }}| {{ '' | default('d', true) }} {{ x | default }}| {{ none | default('d') }} {{ x | d(1) }} {{ none | default('d', boolean=true) }}",
        "{{ '42' | int }} {{ '4.9' | int }} {{ 'a' | int }} {{ 'a' | int(7) }} {{ 4.9 | int }} {{ -4.9 | int }} {{ true | int }} {{ '0x1f' | int(base=16) }} {{ none | int }} {{ ' 12_3 ' | int }} {{ '1e3' | int }}",
        "{{ '4.5' | float }} {{ 'a' | float }} {{ 3 | float }} {{ 'a' | float(1.5) }} {{ '1e400' | float }}",
        "{{ 2.5 | round }} {{ 3.5 | round }} {{ 2.567 | round(2) }} {{ 2.1 | round(method='ceil') }} {{ 2.19 | round(1, 'floor') }} {{ 7 | round }} {{ -1 | abs }} {{ -2.5 | abs }} {{ 1234 | round(-2) }}",
        "{{ 'aXbX' | replace('X', '-') }} {{ 'aXbX' | replace('X', '-', 1) }} {{ 'ab' | replace('', '.') }} {{ 5 | replace(5, 'x') }} {{ 'aaa' | replace('aa', 'b') }}",
        "[{{ 'a\n\nb\n' | indent }}] [{{ 'a\nb' | indent(2, true) }}] [{{ 'a\n\nb' | indent(2, blank=true) }}] [{{ 'a\nb' | indent('> ', first=true) }}] [{{ '' | indent }}]",
        "{{ '%s-%s' | format('a', 1) }} {{ '%(x)s' | format(x=2) }} {{ 'a b  c' | wordcount }} [{{ 'ab' | center(7) }}] [{{ 'abc' | center(8) }}]",
        "{{ '<a href=\"x\">&\\'' | e }} {{ ('<' | safe) + '>' }} {{ '<' + ('>' | safe) }} {{ ('<' | safe) ~ '>' }} {{ '<' | safe | e }} {{ '<' | safe | forceescape }} {{ '<' | escape | length }}",
        "{{ ('<b>' | safe).replace('b', '<') }} {{ ('<b>' | safe | upper) + '<' }} {{ ['<' | safe] }} {{ ('a<' | safe) in 'xa<' }} {{ ('<' | safe | trim) + '<' }} {{ ('<' | safe) == '<' }}",
        "{{ people[0] | items | list }} {{ x | items | list }} {{ people | map('attr', 'name') | list }} {{ people[0] | attr('items') is callable }} {{ number | string + 'x' }}",
        "{{ items | items | list }}",
        "{{ word | upper | lower | trim | length }} {{ -3 | abs }} {{ 'a' ~ 'b' | upper }} {{ 1 + 2 | string | length }}",
        "{{ word | trim(x=1) }}",
        "{{ word | replace('a') }}",
        "{{ items | map | list }}",
    ],
    "json": [
        "{{ nested | tojson }}",
        "{{ nested | tojson(indent=2) }}",
        "{{ nested | tojson(ensure_ascii=true) }} {{ emoji | tojson(ensure_ascii=true) }} {{ '\u2028\u007f/' | tojson }}",
        "{{ {'b': 1, 'a': [1, {'c': ()}]} | tojson(sort_keys=true, separators=(',', ':')) }}",
        "{{ [1.0, 1e-7, 1e22, 12345678901234567890, true, none, 'a', [], {}, (1, 2)] | tojson }}",
        "{{ {1: 'a', none: 'b', true: 'c', 1.5: 'd'} | tojson }}",
        "{{ [] | tojson(indent=2) }} {{ {} | tojson(indent=2) }} {{ [[], {}] | tojson(indent=4) }} {{ [1, 2] | tojson(indent=0) }} {{ [1] | tojson(indent='--') }}",
        "{{ [1e400, -1e400] | tojson }}",
        "{{ x | tojson }}",
        "{{ [x] | tojson }}",
        "{{ namespace() | tojson }}",
        "{{ {(1, 2): 3} | tojson }}",
        "{{ 'a' | tojson | length }} {{ '<' | tojson + '<' }}",
    ],
    "tests": [
        "{{ x is defined }} {{ word is defined }} {{ x is undefined }} {{ x is not defined }} {{ nested.zz is defined }} {{ nested.a is defined }}",
        "{{ none is none }} {{ x is none }} {{ word is string }} {{ 1 is string }} {{ nested is mapping }} {{ items is mapping }} {{ items is sequence }} {{ word is sequence }} {{ nested is sequence }} {{ x is sequence }} {{ 1 is sequence }}",
        "{{ word is iterable }} {{ 1 is iterable }} {{ x is iterable }} {{ none is iterable }} {{ (items | map('string')) is iterable }} {{ (items | map('string')) is sequence }} {{ nested is iterable }}",
        "{{ 1 is number }} {{ true is number }} {{ '1' is number }} {{ 1 is integer }} {{ true is integer }} {{ 1.0 is float }} {{ true is boolean }} {{ 1 is boolean }} {{ true is true }} {{ 1 is true }} {{ false is false }} {{ 0 is false }}",
        "{{ 2 is even }} {{ 3 is odd }} {{ 9 is divisibleby 3 }} {{ 9 is divisibleby(4) }} {{ 1 is eq 1 }} {{ 1 is equalto(2) }} {{ 1 is ne 2 }} {{ 1 is lt 2 }} {{ 2 is ge 2 }} {{ 1 is in items }} {{ 'a' is in 'abc' }} {{ 3 is greaterthan 2 }}",
        "{{ 'a' is lower }} {{ 'A' is upper }} {{ 'aB' is lower }} {{ word is callable }} {{ range is callable }} {{ none is sameas none }} {{ 'upper' is filter }} {{ 'zz' is filter }}",
        "{{ 1 is odd and 2 is even }} {{ not 1 is even }} {{ 1 is not even or x }}",
        "{{ word is string if yes else 1 }}",
        "{{ 1 is odd is true }}",
        "{{ 'a' is odd }}",
        "{{ 1 is divisibleby 0 }}",
    ],
    "methods": [
        "{{ text.strip() }}| {{ text.lstrip() }}| {{ text.rstrip() }}| {{ 'xyxaxy'.strip('xy') }} {{ 'xxa'.lstrip('x') }} {{ 'axx'.rstrip('x') }} {{ '\u3000a\u00a0\x1c'.strip() }}|",
        "{{ 'a,b,,c'.split(',') }} {{ 'a,b,c'.split(',', 1) }} {{ ' a  b '.split() }} {{ 'a b c'.split(none, 1) }} {{ 'a,b,c'.rsplit(',', 1) }} {{ ''.split(',') }} {{ ''.split() }} {{ 'a--b'.split('--')[-1] }} {{ 'a  b '.split(maxsplit=1) }}",
        "{{ 'a'.split('') }}",
        "{{ 'a\nb\r\nc\x0bd'.splitlines() }} {{ 'a\nb'.splitlines(true) }} {{ 'a=b=c'.partition('=') }} {{ 'a=b=c'.rpartition('=') }} {{ 'a'.partition('=') }}",
        "{{ word.startswith('Tri') }} {{ word.endswith(('x', 'on')) }} {{ word.startswith('x') }} {{ word.removeprefix('Tri') }} {{ word.removesuffix('ton') }} {{ word.removesuffix('x') }}",
        "{{ word.replace('t', 'T') }} {{ 'aaa'.replace('a', 'b', 2) }} {{ '-'.join(['a', 'b']) }} {{ word.upper() }} {{ word.lower() }} {{ \"it's a dog-day x1y\".title() }} {{ 'aBC'.capitalize() }}",
        "{{ '-'.join([1]) }}",
        "{{ word.find('t') }} {{ word.find('x') }} {{ word.rfind('t') }} {{ word.index('i') }} {{ emoji.find('b') }} {{ 'aaa'.count('a') }} {{ '7'.zfill(3) }} {{ '-7'.zfill(4) }}",
        "{{ word.index('x') }}",
        "{{ '12'.isdigit() }} {{ 'a1'.isalnum() }} {{ 'ab'.isalpha() }} {{ ' '.isspace() }} {{ 'AB'.isupper() }} {{ 'ab'.islower() }} {{ ''.isdigit() }} {{ 'A1'.isupper() }}",
        "{{ '{} {}'.format('a', 1) }} {{ '{1}{0}'.format('a', 'b') }} {{ '{x}'.format(x=2) }} {{ '{{}}'.format() }}",
        "{{ word.split(1) }}",
        "{{ word.strip('a', 'b') }}",
        "{{ people[0].get() }}",
    ],
    "globals": [
        "{{ range(3) | list }} {{ range(1, 4) | list }} {{ range(5, 0, -2) | list }} {{ range(0) | list }} {% for i in range(2) %}{{ i }}{% endfor %}",
        "{{ range(1, 2, 0) }}",
        "{{ range('a') }}",
        "{{ dict(a=1, b='x') }} {{ dict({'a': 1}, c=2) }}",
        "{{ strftime_now('%d %b %Y %m %B %A %a %H:%M:%S %y %I %p %j %%') }}",
        "{% set raise_exception = 1 %}{{ raise_exception }}",
        "{{ word.zz is defined and word.zz.y }} {{ (x | default({})).y }}|",
    ],
    "names": [
        "{% for i in items %}{{ word }}{% endfor %}{% set word = 1 %}",
        "{{ word }}{% for i in items %}{{ word }}{% endfor %}{% set word = 1 %}",
        "{% for i in items %}{{ word }}{% endfor %}{% if yes %}{% set word = 1 %}{% endif %}{{ word }}",
        "{% macro f() %}{{ word }}{% endmacro %}{{ f() }}{% set word = 1 %}{{ f() }}",
        "{% set z = 1 %}{% for i in items %}{{ z }}{% set z = i %}{{ z }};{% endfor %}{{ z }}",
        "{% set z = 1 %}{% for i in items %}{% if i == 1 %}{% set z = 'one' %}{% endif %}{{ z }};{% endfor %}",
        "{% for i in [1, 2] %}{% macro f() %}{{ i }}{{ z }}{% endmacro %}{% set z = i * 10 %}{{ f() }};{% endfor %}",
        "{% macro f(a, b=a, c=z) %}{{ a }}{{ b }}{{ c }}{% endmacro %}{% set z = 'Z' %}{{ f(1) }} {{ f(1, c=3) }} {{ f.arguments }} {{ f.name }}",
        "{% macro f(caller) %}{{ caller() }}{% endmacro %}",
        "{% macro f(a=1, b) %}{% endmacro %}",
        "{% with a = 1, b = a %}{{ a }}|{{ b }}|{% endwith %}{{ a }}",
        "{% set z = 1 %}{% set y %}{% set z = 2 %}{{ z }}{% endset %}{{ z }}{{ y }}",
        "{% for i in items recursive %}{{ i }}{{ loop.depth }}{% if loop.depth < 3 and i == 1 %}({{ loop(items) }}){% endif %}{% endfor %}",
        "{% for i in items if loop is defined %}{{ i }}{% else %}no loop{% endfor %}",
        "{% set z = 1 %}{% block b %}{{ z }}{{ word }}{% endblock %}",
        "{% for i in items %}{% block b %}[{{ i }}]{% endblock %}{% endfor %}",
        "{% for i in items %}{% continue %}{% else %}never at the end{% endfor %}",
        "{% for i in items %}{{ i }}{% break %}{% else %}left at once{% endfor %}",
        "{% for i in items %}{% set y %}a{% if i == 1 %}{% break %}{% endif %}{% endset %}{{ y }}{% endfor %}",
        "{% for loop in items %}{% endfor %}",
        "{% if no %}{% include 'a' %}{% import 'b' as c %}{% extends 'd' %}{% endif %}ok",
        "{% include 'a' %}",
        "{{ 1 | nope }}",
        "{{ 1 is nope }}",
        "{% if no %}{{ 1 | nope }}{% endif %}{{ 2 | nope if no else 'fine' }}",
        "{% if no %}{% for i in items %}{{ i | nope }}{% endfor %}{% endif %}",
        "{% set z = namespace(v=[1], w='x') %}{{ z }}{{ z.v is sequence }}",
    ],
    "views and ranges": [
        "{{ nested.keys() }} {{ people[1].items() }} {{ people[1].values() }} {{ people[1].items() | first }} {{ people[1].items()[0] is defined }}",
        "{{ nested.keys() is sequence }} {{ nested.keys() is iterable }} {{ 'a' in nested.keys() }} {{ nested.keys() | length }} {{ nested.keys() == nested.keys() }}",
        "{{ nested.items() | tojson }}",
        "{{ range(3) }} {{ range(1, 9, 3) | list }} {{ range(5)[1:3] }} {{ range(9)[-1] }} {{ 2 in range(3) }} {{ range(0) | length }} {{ range(3, 0, -1) | list }}",
        "{{ range(3) | tojson }}",
        "{{ dict.fromkeys(['a', 'b'], 0) if dict.fromkeys is defined else '-' }} {{ dict([['a', 1]], b=2) }}",
        "{{ names | map('nope') is defined }} {{ (2.5 | selectattr('x')) is iterable }}",
        "{{ names | map('nope') | list }}",
    ],
    "formats": [
        "{{ '{:>8}|{:<8}|{:^8}|{:*^9}|{:08.3f}|{:,}|{:+d}|{:x}|{:#b}|{:%}|{:e}|{:g}'.format(word, 'b', 'c', 'd', real, 1234567, 7, 255, 5, 0.25, 12345.678, 0.00001) }}",
        "{{ '{0.name} {1[0]} {a!r:>6} {b:{w}}'.format(people[0], items, a='x', b=3, w=4) }} {{ '{{}}' .format() }}",
        "{{ '{:.3}|{:.3}|{:5}|{}|{:_}|{:=+6}|{:c}|{:n}'.format(1234.5, 'abcdef', true, none, 1234567, 3, 65, 5) }}",
        "{{ '{} {0}'.format(1) }}",
        "{{ '{:d}'.format('x') }}",
        "{{ '{:5}'.format(none) }}",
        "{{ '{'.format(1) }}",
        "{{ '%+d|% d|%x|%#o|%e|%g|%G|%c|%a|%.2s|%*d|%-6.1f|%05d|%i' % (3, 3, 255, 8, 1234.5, 0.00001, 1e20, 'é', 'é', 'abc', 5, 42, 2.25, -42, 2.9) }}",
        "{{ '%d' % 'x' }}",
        "{{ '%5%' % () }}",
        "{{ 'no fields' % items }}",
        "{{ '{a}'.format_map({'a': 1}) }} {{ ('<{}>' | safe).format('<') }} {{ ('<%s>' | safe) % '<' }}",
        "{{ strftime_now('%-d|%e|%_d|%^a|%C|%D|%F|%G-W%V|%u%w|%U%W|%R|%T|%r|%s') is string }}{{ strftime_now('%-d|%e|%_m|%^a|%C|%D|%F|%G-W%V|%u%w|%U|%W|%R|%T|%r|%-I%P|%k|%l|%j|%h|%c|%x|%X|%n%t|%10Y|%Q|%Ey|%f|%z%Z') }}",
    ],
    "more filters": [
        "{{ range(7) | batch(3) | list }} {{ range(7) | batch(3, 'x') | list }} {{ range(7) | slice(3) | list }} {{ range(7) | slice(3, 'x') | list }}",
        "{{ people | groupby('age') | list }} {% for age, group in people | groupby('name') %}{{ age }}{{ group | length }}{% endfor %} {{ (people | groupby('age'))[0].grouper }}",
        "{{ 'foo bar baz qux' | truncate(9) }} {{ 'foo bar baz qux' | truncate(9, true) }} {{ 'foo bar baz qux' | truncate(11) }} {{ 'foo bar baz qux' | truncate(11, false, '…', 0) }}",
        "{{ 'a b/ä&=?' | urlencode }} {{ {'a b': 'c/d', 'e': 1} | urlencode }} {{ 1500 | filesizeformat }} {{ 1 | filesizeformat }} {{ 2000000 | filesizeformat(true) }}",
        "{{ {'class': 'a', 'id': none, 'x': '<'} | xmlattr }}|{{ {'a': 1} | xmlattr(false) }}",
        "{{ people | sort(attribute='age,name') | map(attribute='name') | list }} {{ items | sort(attribute='zz') }} {{ ['b', 'A'] | sort(case_sensitive=true) }}",
        "{{ items | sum(start='') }}",
        "{{ items | indent }}",
        "{{ 'a\nb\r\nc' | indent(2, first=true) }} {{ 'x' | center(6) }}| {{ 7 | string | center(4) }}|",
    ],
    "more methods": [
        "{{ 'ab'.center(5, '*') }} {{ 'ab'.ljust(4) }}| {{ 'ab'.rjust(4, '.') }} {{ '-42'.zfill(6) }} {{ 'aBc'.swapcase() }} {{ 'a\tb'.expandtabs(4) }}",
        "{{ 'abcabc'.find('c', 3) }} {{ 'abcabc'.rfind('a', 0, 3) }} {{ 'abc'.find('') }} {{ 'abc'.find('', 9) }} {{ 'abcabc'.count('b', 2) }} {{ 'abcabc'.startswith('b', 1) }} {{ 'abcabc'.endswith(('x', 'b'), 0, 2) }} {{ 'abcabc'.rindex('b') }}",
        "{{ 'x'.isidentifier() }} {{ '1'.isdecimal() }} {{ '²'.isdigit() }} {{ '½'.isnumeric() }} {{ 'é'.isascii() }} {{ 'a\n'.isprintable() }} {{ 'Ab Cd'.istitle() }} {{ ''.isspace() }}",
        "{{ ' a b  c '.rsplit() }} {{ ' a b  c '.rsplit(none, 1) }} {{ 'a,b,c'.rsplit(',', 1) }} {{ 'a-b'.rpartition('+') }} {{ 'a-b'.partition('-') }}",
        "{{ \"they're ß ǆ 1st\".title() }} {{ 'ﬁn'.capitalize() }} {{ 'ÄÖ'.lower() }} {{ items.index(1, 1) }}",
        "{{ 'abc'.replace('b', 'x', count=1) }}",
        "{{ nested.get(key='a') }}",
        "{{ 7.5 // -2 }} {{ -0.0 // 1 }} {{ true // 0.1 }} {{ 0.0 ** -1 if no else 2 ** 0.5 }}",
        "{{ 0.0 ** -1 }}",
        "{{ 10 ** 1e22 }}",
        "{{ 01 }}",
        "{{ people.0.tags.0 }} {{ [[1, 'a']].0.1 }}",
        "a{% raw %}\n{{ x }}{% endraw %}\nb",
    ],
    "seldom used": [
        "{% print word %}|{% print word, 1 %}|{% print 'a' 'b' %}|{% print %}|{% print 1 if no %}",
        "{% print 1 2 %}",
        "{% for i in items %}{% block b scoped %}[{{ i }}]{{ loop.index }}{% endblock %}{% endfor %}",
        "{% set z = 1 %}{% for i in items %}{% set z = 5 %}{% block b scoped %}[{{ i }}{{ z }}]{% set i = 7 %}{{ i }}{% endblock %}{{ i }}{% endfor %}",
        "{% if no %}{% autoescape true %}{{ '<' }}{% endautoescape %}{% endif %}{% autoescape no %}{{ '<' }}{% set q = 3 %}{{ q }}{% endautoescape %}{{ q }}|",
        "{{ 'inf' | float }} {{ 'nan' | float }} {{ '-Infinity' | float }} {{ '+INF' | float }} {{ 'infin' | float }} {{ 'inf' | int }} {{ 'nan' | int(9) }} {{ '-nan' | float }}",
        "{{ '١٢' | int }} {{ '١٢.٥' | float }} {{ '１２' | int }} {{ '²' | int }} {{ '١e١' | float }}",
        "{{ '1_000' | int }} {{ '1__0' | int }} {{ '_1' | int }} {{ '1_0.5' | float }} {{ '-0x1F' | int(0, 16) }} {{ '0b1' | int(base=2) }} {{ '0x_1f' | int(base=0) }} {{ '012' | int(7, base=0) }} {{ '0b1' | int(base=16) }} {{ '+0o17' | int(base=8) }}",
        "{{ 1.5.is_integer() }} {{ 2.0.is_integer() }} {{ number.bit_length() }} {{ number.real }} {{ number.imag }} {{ real.real }} {{ real.imag }} {{ number.numerator }} {{ number.denominator }} {{ number.conjugate() }} {{ real.conjugate() }}",
        "{{ yes.real }} {{ yes.bit_length() }} {{ yes.numerator }} {{ (-8).bit_length() }} {{ big.bit_length() }} {{ (-7).bit_count() }} {{ real.as_integer_ratio() }} {{ 1e30.as_integer_ratio() }} {{ 0.0.as_integer_ratio() }} {{ -7.as_integer_ratio() if no }} {{ real.numerator }}{{ number.nope }}",
        "{{ number.real() }}",
        "{{ -0.5 | round }} {{ (-0.5) | round }} {{ (-0.4) | round(0, 'ceil') }} {{ (-0.0) | round }} {{ (-0.04) | round(1) }} {{ 7 | round }} {{ 7 | round(0, 'ceil') }}",
        "{{ nope | attr('x') }}",
        "{{ nothing | attr('x') }}|{{ word | attr('nope') is defined }}",
        "{{ ('{}' | safe).join(['<', 'a' | safe]) }} {{ ','.join(['<' | safe, '>']) }} {{ (',' | safe).join([1, none, items]) }} {{ ('-' | safe).join([nope]) }}|",
        "{{ [] is sameas [] }} {{ items is sameas items }} {{ nested.b.x is sameas nested.b.x }} {{ [1] is sameas [1] }} {{ (1,) is sameas (1,) }} {{ none is sameas none }} {{ 1 is sameas 1.0 }} {{ 1 is sameas true }} {{ range(3) is sameas range(3) }} {% set a = [1] %}{% set b = a %}{{ a is sameas b }}",
        "{{ word | pprint }} {{ items | pprint }} {{ nested | pprint }} {{ number | pprint }} {{ nothing | pprint }} {{ {'b': 1, 'a': [1, {'z': none, 'y': (1,)}]} | pprint }} {{ 'a\\nb' | pprint }}",
        "{% set j = joiner(', ') %}{% for i in items %}{{ j() }}{{ i }}{% endfor %} {% set k = joiner() %}{{ k() }}x{{ k() }}y {{ joiner(sep='-') is callable }} {% set j = joiner(1) %}{{ j() }}{{ j() }}{{ j() is integer }}",
        "{% set c = cycler('a', 'b') %}{{ c.next() }}{{ c.current }}{{ c.next() }}{{ c.next() }}{{ c.reset() }}{{ c.current }}{{ c.pos }} {% for i in items %}{{ c.next() }}{% endfor %} {{ c is callable }} {{ c is iterable }} {{ c is sequence }} {{ c is mapping }}",
        "{% if no %}{% block b scoped required %} {% endblock %}{% endif %}ok",
        "{% block b required %}{% endblock %}",
        "{{ cycler() }}",
        "{{ joiner(1, 2) }}",
        "{% set c = cycler(1) %}{{ c() }}",
        "{{ cycler is callable }} {{ joiner is iterable }} {{ lipsum is defined }}",
    ],
}


class Generation(Extension):
    tags = {"generation"}

    def parse(self, parser):
        line = next(parser.stream).lineno
        body = parser.parse_statements(["name:endgeneration"], drop_needle=True)
        return CallBlock(self.call_method("_say"), [], [], body).set_lineno(line)

    def _say(self, caller):
        return caller()


class Refused(Exception):
    pass


def raise_exception(message):
    raise Refused(message)


def tojson(x, ensure_ascii=False, indent=None, separators=None, sort_keys=False):
    return json.dumps(x, ensure_ascii=ensure_ascii, indent=indent, separators=separators, sort_keys=sort_keys)


def environment():
    env = ImmutableSandboxedEnvironment(trim_blocks=True, lstrip_blocks=True, extensions=[Generation, loopcontrols])
    env.filters["tojson"] = tojson
    env.globals["raise_exception"] = raise_exception
    env.globals["strftime_now"] = NOW.strftime
    return env


def outcome(source):
    try:
        return {"expected": environment().from_string(source).render(**json.loads(json.dumps(CONTEXT)))}
    except Refused as error:
        return {"refused": str(error)}
    except Exception as error:
        return {"fails": type(error).__name__}


def main():
    assert jinja2.__version__ == "3.1.6", jinja2.__version__
    cases = [
        {"group": group, "template": source, **outcome(source)} for group, sources in GROUPS.items() for source in sources
    ]
    lines = ",\n".join("    " + json.dumps(case) for case in cases)
    text = '{\n  "now": "%s",\n  "context": %s,\n  "cases": [\n%s\n  ]\n}\n' % (NOW.isoformat(), json.dumps(CONTEXT), lines)
    (Path(__file__).parent / "golden.json").write_text(text)


if __name__ == "__main__":
    main()
