"""The gallery as one HTML page: each picture, with the payload beside it."""

import json
from collections.abc import Sequence
from itertools import groupby
from operator import attrgetter

from jinja2 import Environment

from tests.gallery.drawing import VARIANTS
from tests.gallery.shots import Shot

_PAGE = """<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>syncbot: all cards in all states</title>
<style>
  body { font: 15px/1.5 system-ui, sans-serif; margin: 2rem; color: #1d1c1d; background: #f4f4f6 }
  nav { columns: 14rem; margin-bottom: 2rem }
  section { margin-bottom: 3rem; padding: 1rem; background: #fff; border-radius: 8px }
  .pictures { display: grid; grid-template-columns: 2fr 2fr 1fr 1fr; gap: 1rem; align-items: start }
  img { max-width: 100%; border: 1px solid #ddd }
  figure { margin: 0 } figcaption { color: #616061; font-size: 13px }
  pre { overflow: auto; max-height: 30rem; background: #f8f8f8; padding: 1rem; font-size: 12px }
</style>
<h1>All cards in all states</h1>
<p>{{ shots | length }} states, drawn from the real builders.</p>
<nav>{% for card in cards %}<a href="#{{ card | replace(" ", "-") }}">{{ card }}</a><br>{% endfor %}</nav>
{% for card, group in grouped %}
<h2 id="{{ card | replace(" ", "-") }}">{{ card }}</h2>
{% for shot in group %}
<section>
  <h3>{{ shot.state }} <small>({{ shot.surface }})</small></h3>
  <div class="pictures">
  {% for variant in variants %}
    <figure>
    <img loading="lazy" src="{{ variant.file(shot) }}" alt="{{ card }}, {{ shot.state }}, {{ variant.name }}">
    <figcaption>{{ variant.name }}</figcaption>
    </figure>
  {% endfor %}
  </div>
  <details><summary>Payload</summary><pre>{{ payload(shot) }}</pre></details>
</section>
{% endfor %}
{% endfor %}
</html>
"""


def page(shots: Sequence[Shot]) -> str:
    grouped = [(card, list(group)) for card, group in groupby(shots, attrgetter("card"))]
    return (
        Environment(autoescape=True)
        .from_string(_PAGE)
        .render(
            shots=shots,
            cards=[card for card, _ in grouped],
            grouped=grouped,
            variants=VARIANTS,
            payload=_payload,
        )
    )


def _payload(shot: Shot) -> str:
    return json.dumps(shot.payload, ensure_ascii=False, indent=2)
